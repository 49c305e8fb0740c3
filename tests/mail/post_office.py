"""A mail server for tests, on a loopback port, that can be slow, refuse, or lose its acknowledgement."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from flask import Flask

from tests.servers import free_port


@dataclass
class PostOffice:
    """What arrived, and how it answers the next ones: replies to RCPT and DATA by address, else 250."""

    arrived: list[EmailMessage] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    loses_acknowledgement: int = 0
    delay: float = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if answer := self.at_rcpt.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.delay)
        if answer := self.at_data.get(envelope.rcpt_tos[0]):
            return answer
        self.arrived.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=default)))
        if self.loses_acknowledgement:
            self.loses_acknowledgement -= 1
            server.transport.abort()
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.arrived]


@contextmanager
def open_office(app: Flask) -> Iterator[PostOffice]:
    """The application sends here while the block lasts."""
    port = free_port()
    with sends_to(app, f"smtp://127.0.0.1:{port}"):
        office = PostOffice()
        controller = Controller(office, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield office
        finally:
            controller.stop()


@contextmanager
def sends_to(app: Flask, url: str) -> Iterator[None]:
    before = app.config["LUNTAN"]
    app.config["LUNTAN"] = replace(before, smtp_url=url)
    try:
        yield
    finally:
        app.config["LUNTAN"] = before
