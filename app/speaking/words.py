"""What letters to speakers are called, what they say until an organiser writes them anew, and why somebody gets none."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.speakers.correcting import Field
from app.speakers.rules import Material
from app.speaking.rules import LeftOut, Letter
from app.values.language import Translated

LETTERS = {
    Letter.INVITATION.value: _("Invitation"),
    Letter.REMINDER.value: _("Reminder to answer"),
    Letter.MATERIALS.value: _("Request for materials"),
}
PURPOSES = {
    Letter.INVITATION.value: _("Goes to candidates, who are then invited, and to whoever was invited otherwise."),
    Letter.REMINDER.value: _("Goes to whoever is invited and has not answered."),
    Letter.MATERIALS.value: _("Goes to whoever has agreed while something of what was asked for is missing."),
}
LEFT_OUT = {
    LeftOut.NO_ADDRESS.value: _("no e-mail address is known"),
    LeftOut.REFUSED.value: _("the address refused a mail before"),
    LeftOut.OTHER_STATE.value: _("this letter is not for somebody in this state"),
    LeftOut.NOTHING_MISSING.value: _("nothing is missing"),
    LeftOut.ON_ITS_WAY.value: _("this letter to them is on its way"),
}
MATERIALS = {
    Material.PORTRAIT.value: _("a portrait"),
    Material.BIOGRAPHY.value: _("a short biography"),
    Material.SLIDES.value: _("the slides"),
}
FIELDS = {
    Field.NAME.value: _("Name"),
    Field.ROLE.value: _("Function then"),
    Field.BIOGRAPHY.value: _("Biography"),
    Field.PORTRAIT.value: _("Portrait"),
}
NAME_PARTS = {
    "written": _("Name, as they write it"),
    "family": _("Family name in it"),
    "second": _("Name in a second script"),
    "second_family": _("Family name in the second script"),
}
PLACEHOLDERS = {
    "name": _("the speaker’s name"),
    "edition": _("the edition’s title"),
    "place": _("venue and city"),
    "days": _("the edition’s days"),
    "sessions": _("their sessions with both times, one per line"),
    "answer_by": _("the day by which you asked for an answer"),
    "missing": _("what is still missing"),
    "link": _("the link to their personal page"),
    "inviter": _("who invites"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A letter as somebody wrote it, with its placeholders."""

    subject: Translated
    body: Translated


DEFAULTS = {
    Letter.INVITATION: Words(
        Translated(
            "Invitation to speak: {edition}",
            "Einladung zum Vortrag: {edition}",
            "演讲邀请：{edition}",
        ),
        Translated(
            "Dear {name},\n\n"
            "we would be honoured if you spoke at {edition}.\n\n"
            "{days}\n{place}\n\n"
            "We have planned for you, provisionally:\n{sessions}\n\n"
            "On your personal page you can accept or decline, see your sessions in both time zones, correct what we "
            "say about you, and send your portrait and slides:\n{link}\n\n"
            "Please let us know by {answer_by}.\n\n"
            "The link is personal. Please do not pass it on.\n\n"
            "With kind regards\n{inviter}",
            "Guten Tag {name},\n\n"
            "es wäre uns eine Ehre, wenn Sie auf der Veranstaltung {edition} sprächen.\n\n"
            "{days}\n{place}\n\n"
            "Vorläufig haben wir für Sie vorgesehen:\n{sessions}\n\n"
            "Auf Ihrer persönlichen Seite können Sie zusagen oder absagen, Ihre Programmpunkte in beiden Zeitzonen "
            "sehen, berichtigen, was wir über Sie schreiben, und Porträt und Folien senden:\n{link}\n\n"
            "Bitte geben Sie uns bis {answer_by} Bescheid.\n\n"
            "Der Link ist persönlich. Bitte geben Sie ihn nicht weiter.\n\n"
            "Mit freundlichen Grüßen\n{inviter}",
            "尊敬的{name}：\n\n"
            "您好！我们诚挚邀请您在{edition}上发表演讲。\n\n"
            "{days}\n{place}\n\n"
            "我们为您初步安排的环节如下：\n{sessions}\n\n"
            "在您的个人页面上，您可以接受或谢绝邀请、查看两地时间的议程环节、更正您的介绍，并提交照片和演示文稿：\n"
            "{link}\n\n"
            "敬请在{answer_by}之前答复。\n\n"
            "此链接仅供您本人使用，请勿转发。\n\n"
            "此致\n敬礼\n{inviter}",
        ),
    ),
    Letter.REMINDER: Words(
        Translated(
            "May we hope for your answer? {edition}",
            "Dürfen wir mit Ihrer Antwort rechnen? {edition}",
            "敬候您的答复：{edition}",
        ),
        Translated(
            "Dear {name},\n\n"
            "we have invited you to speak at {edition} and would be glad to hear from you.\n\n"
            "{days}\n{place}\n\n"
            "You can answer on your personal page with one click:\n{link}\n\n"
            "Please let us know by {answer_by}.\n\n"
            "With kind regards\n{inviter}",
            "Guten Tag {name},\n\n"
            "wir haben Sie eingeladen, auf der Veranstaltung {edition} zu sprechen, und würden uns über Ihre Antwort "
            "freuen.\n\n"
            "{days}\n{place}\n\n"
            "Auf Ihrer persönlichen Seite können Sie mit einem Klick antworten:\n{link}\n\n"
            "Bitte geben Sie uns bis {answer_by} Bescheid.\n\n"
            "Mit freundlichen Grüßen\n{inviter}",
            "尊敬的{name}：\n\n"
            "您好！我们此前邀请您在{edition}上发表演讲，期待您的答复。\n\n"
            "{days}\n{place}\n\n"
            "您可以在个人页面上一键答复：\n{link}\n\n"
            "敬请在{answer_by}之前答复。\n\n"
            "此致\n敬礼\n{inviter}",
        ),
    ),
    Letter.MATERIALS: Words(
        Translated(
            "Still missing for your talk: {edition}",
            "Zu Ihrem Vortrag fehlt noch etwas: {edition}",
            "请提交演讲材料：{edition}",
        ),
        Translated(
            "Dear {name},\n\n"
            "thank you for speaking at {edition}. What we still need from you: {missing}.\n\n"
            "Your sessions:\n{sessions}\n\n"
            "On your personal page you can send everything from your phone or your computer:\n{link}\n\n"
            "With kind regards\n{inviter}",
            "Guten Tag {name},\n\n"
            "schön, dass Sie auf der Veranstaltung {edition} sprechen. Was uns noch fehlt: {missing}.\n\n"
            "Ihre Programmpunkte:\n{sessions}\n\n"
            "Auf Ihrer persönlichen Seite können Sie alles vom Telefon oder vom Rechner senden:\n{link}\n\n"
            "Mit freundlichen Grüßen\n{inviter}",
            "尊敬的{name}：\n\n"
            "您好！感谢您在{edition}上发表演讲。我们还需要您提供：{missing}。\n\n"
            "您的议程环节：\n{sessions}\n\n"
            "您可以在个人页面上用手机或电脑提交：\n{link}\n\n"
            "此致\n敬礼\n{inviter}",
        ),
    ),
}
"""In three languages from the first day: an invitation is not to wait for a catalogue."""
