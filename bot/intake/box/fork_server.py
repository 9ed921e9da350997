"""A process that has loaded the parsers and read no document: it forks a worker whenever the bot asks for one.

It starts as a new single-threaded process without the bot's environment, so that a fork inherits nothing of the bot.
It ends when the bot closes its connection, and kills its workers first.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import socket
import struct
import sys
import time
import zipfile
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Final

from bot.intake.box import confinement
from bot.intake.document import RawFile
from bot.intake.readers import FORMATS, IN_PROCESS, Lines
from bot.languages import LANGUAGES
from bot.text.sentences import sentence_spans

ORDER: Final = struct.Struct("<ci")
"""FORK with the number of a format, or WAIT with the id of a process."""
FORK: Final = b"f"
"""Order: fork a worker on the socket sent along; the reply is its process id."""
WAIT: Final = b"w"
"""Order: report how a worker ended; the reply is its wait status, as of waitpid()."""
REPLY: Final = struct.Struct("<i")

_SENTENCE = (
    "算力需求在过去一年里继续增长 20%。Compute grew by 18% in 2025, the report of 9 January 2025 says."
)
_SAMPLES: Final = {
    "text": _SENTENCE,
    "markdown": f"---\ntitle: A\ndate: 2025-01-09\n---\n\n# A\n\n{_SENTENCE}",
    "html": f"<html><head><title>A</title></head><body><article>{f'<p>{_SENTENCE}</p>' * 9}</article></body></html>",
    "feed": f'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><item><title>A</title><description>{_SENTENCE}'
    "</description></item></channel></rss>",
    "jsonl": f'{{"title": "A", "date": "2025-01-09", "text": "<p>{_SENTENCE}</p>"}}',
}
"""Document by format that is parsed once before the first fork, so that no worker has to load the format's rules."""

_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 59>>stream\nBT /F 12 Tf 20 100 Td (Compute grew by 18% in 2025.) Tj ET \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj trailer<</Root 1 0 R>>"
)

_OFFICE = "http://schemas.openxmlformats.org"
_WORD: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="a" Target="word/document.xml" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "word/document.xml": (
        f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{_SENTENCE}</w:t></w:r></w:p>'
        "</w:body></w:document>"
    ),
}


def main(descriptor: int) -> None:
    """Serve the bot on an inherited socket until the bot closes it, then kill the workers."""
    workers: set[int] = set()
    with socket.socket(fileno=descriptor) as control:
        while True:
            data, descriptors, *_ = socket.recv_fds(control, ORDER.size, 1)
            if len(data) < ORDER.size:
                break
            order, number = ORDER.unpack(data)
            if order == FORK:
                reply = _fork_worker(control, number, descriptors[0])
                workers.add(reply)
            else:
                reply = _wait_for(number)
                workers.discard(number)
            control.sendall(REPLY.pack(reply))
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def _fork_worker(control: socket.socket, number: int, descriptor: int) -> int:
    """Fork a worker for a format on a socket; return its process id."""
    _load_rules(number)
    process = os.fork()
    if process:
        os.close(descriptor)
        return process
    code = 1
    try:
        control.close()
        confinement.end_with_parent()
        from bot.intake.box.worker import work

        with socket.socket(fileno=descriptor) as connection:
            work(connection)
        code = 0
    finally:
        os._exit(code)


def _wait_for(process: int) -> int:
    """Return the wait status of a worker whose connection is closed; kill it if it has not ended within a second."""
    for _ in range(100):
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    return os.waitpid(process, 0)[1]


@cache
def _load_rules(number: int) -> None:
    """Load a format's rules by parsing a sample, once per format."""
    form = FORMATS[number]
    with suppress(Exception):  # what fails here fails again in the worker, which reports it
        sample = _sample(form.name)
        for language in LANGUAGES:
            sentence_spans(_SENTENCE, language)
        if form.by_line:
            list(IN_PROCESS.lines(Lines(form.name, "a", "utf-8", date.max, ((1, sample),))))
        else:
            list(IN_PROCESS.file(form, RawFile("a", sample), {}))
    gc.collect()
    gc.freeze()


def _sample(name: str) -> bytes:
    """Return a small document in a format."""
    if name == "pdf":
        return _PDF
    if name == "docx":
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for part, content in _WORD.items():
                package.writestr(part, content)
        return target.getvalue()
    return _SAMPLES[name].encode()


if __name__ == "__main__":
    main(int(sys.argv[1]))
