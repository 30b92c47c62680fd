"""Between a client and PostgreSQL's socket: cuts the link around one COMMIT, as a failing network would."""

from __future__ import annotations

import asyncio
from pathlib import Path


class CuttingProxy:
    """cut: None passes all; "before" loses the next COMMIT, "after" its answer. Then it passes all again."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server / ".s.PGSQL.5432"
        self._own = folder / ".s.PGSQL.5432"
        self.cut: str | None = None
        self.cuts = 0

    async def __aenter__(self) -> CuttingProxy:
        self._listening = await asyncio.start_unix_server(self._serve, self._own)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        answers = asyncio.create_task(self._pass_on(from_server, writer))
        while data := await reader.read(65536):
            if b"COMMIT" in data and self.cut is not None:
                await self._cut(data, answers, to_server, from_server)
                break
            to_server.write(data)
        answers.cancel()
        writer.close()
        to_server.close()

    async def _cut(
        self,
        data: bytes,
        answers: asyncio.Task[None],
        to_server: asyncio.StreamWriter,
        from_server: asyncio.StreamReader,
    ) -> None:
        when, self.cut = self.cut, None
        self.cuts += 1
        if when == "after":
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)
            to_server.write(data)
            assert b"COMMIT" in await from_server.read(65536)

    @staticmethod
    async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()
