"""``hotline attachments``: are the files of tickets what was put in?"""

from __future__ import annotations

import typer

from hotline.cli.output import JsonOption, console, notices, print_json, settings_or_exit

MEANING = {
    "file_missing": "the file is not there",
    "file_changed": "the file is not the one that was put in",
    "tampered": "the file was changed, cut, or swapped with another",
    "key_missing": "the key that it is encrypted with is not in the key file",
    "store_unreachable": "the store cannot be read",
    "no_permission": "the store may not be read",
}


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="The files of tickets.")
    group.callback()(_group)
    group.command()(verify)
    app.add_typer(group, name="attachments")


def _group() -> None:
    """The files of tickets."""


def verify(as_json: JsonOption = False) -> None:
    """Read every file of every ticket and compare it with the hash that was taken when it came in."""
    import recordings
    import ticketing
    from hotline import attachment_room, database

    settings = settings_or_exit()
    files = attachment_room.files(settings)
    sessions = database.sessions(database.read_only(database.build_engine(settings.sqlalchemy_url)))
    checked, bad = 0, []
    with sessions() as session:
        for one in ticketing.every_attachment(session):
            checked += 1
            try:
                problem = "" if files.holds(one.stored, one.sha256) else "file_changed"
            except recordings.NotInStore:
                problem = "file_missing"
            except recordings.StoreUnavailable as error:
                problem = error.code
            if problem:
                bad.append({"attachment_id": one.attachment_id, "ticket_id": one.ticket_id, "problem": problem})
    if as_json:
        print_json({"ok": not bad, "files": checked, "bad": bad})
    for line in bad if not as_json else []:
        said = MEANING.get(line["problem"], line["problem"])
        notices.print(
            f"BROKEN: {line['attachment_id']} of ticket {line['ticket_id']}: {said}", style="red", markup=False
        )
    if bad:
        raise typer.Exit(1)
    if not as_json:
        console.print(f"{checked} files, every one is what was put in")
