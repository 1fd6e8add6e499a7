"""A stand-in for the IVR process: ``python -m tests.kit.fake_ivr PORT MODE``.

``choose``: takes the timer over, sets a queue, a priority and a menu path, and leaves.
``voicemail``, ``hangup``: takes the timer over, asks for that as the next step, and leaves.
``dwell``: takes the timer over and plays a beep again and again until the connection ends.
``silent``: accepts connections and never says a word, as a server does whose threads are all busy.
``hang up on``: closes every connection at once, as a server does that is full.
"""

from __future__ import annotations

import socketserver
import sys

CHOICE = "__HL_QUEUE=priority,__HL_PRIORITY=7,__HL_MENU_PATH=2>1,__HL_CALLER_CLASS=priority,HL_NEXT=queue"


class Session(socketserver.StreamRequestHandler):
    def command(self, text: str) -> str:
        self.wfile.write(text.encode() + b"\n")
        return self.rfile.readline().decode()

    def handle(self) -> None:
        mode = self.server.mode  # type: ignore[attr-defined]
        if mode == "hang up on":
            return
        while self.rfile.readline().strip():
            pass
        if mode == "silent":
            self.rfile.read()
            return
        self.command('SET VARIABLE "TIMEOUT(absolute)" 60')
        if mode in ("voicemail", "hangup"):
            self.command(f'EXEC MSet "HL_NEXT={mode}"')
            return
        if mode == "choose":
            self.command(f'EXEC MSet "{CHOICE}"')
            return
        while self.command('STREAM FILE "beep" ""').startswith("200"):
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Session) as server:
        server.mode = sys.argv[2]  # type: ignore[attr-defined]
        print("ready", flush=True)
        server.serve_forever()
