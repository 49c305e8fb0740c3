"""What the server serves and `flask` finds."""

from app import create_app

app = create_app()
