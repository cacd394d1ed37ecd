# SPDX-License-Identifier: Apache-2.0
"""A TCP relay between a client and a broker, which can do what networks do: cut, freeze, delay."""
import asyncio
import threading

CHUNK = 256 * 1024


class Relay:
    """Listens on 127.0.0.1:`port` and passes on to 127.0.0.1:`target`, in a thread of its own.

    cut()     ends every connection with a reset, and refuses new ones until heal()
    freeze()  keeps every connection open and lets no byte through, as a network that drops packets, until heal()
    delay(s)  holds every byte back for s seconds in each direction; heal() ends that as well
    """

    def __init__(self, target):
        self.target = target
        self.connections = 0  # how many were taken
        self._writers = set()
        self._seconds = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self._server = None
        self._do(self._open())

    def cut(self):
        self._do(self._cut())

    def freeze(self):
        self._do(self._set_flow(False))

    def delay(self, seconds):
        self._seconds = seconds

    def heal(self):
        self._seconds = 0.0
        self._do(self._set_flow(True))
        if self._server is None:
            self._do(self._open())

    def close(self):
        if self._loop.is_closed():
            return
        self._do(self._cut())
        self._do(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _open(self):
        if not hasattr(self, "_flow"):
            self._flow = asyncio.Event()
            self._flow.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self):
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()

    async def _set_flow(self, flows):
        if flows:
            self._flow.set()
        else:
            self._flow.clear()

    async def _end_tasks(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            await self._flow.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target, limit=CHUNK)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}

    async def _pass_on(self, reader, writer):
        """Reads ahead while bytes are held back, so that a delay costs time and no bandwidth."""
        held = asyncio.Queue(64)
        sending = asyncio.ensure_future(self._send(held, writer))
        try:
            while True:
                chunk = await reader.read(CHUNK)
                await held.put((self._loop.time() + self._seconds, chunk))
                if not chunk:
                    break
            await sending
        except (OSError, asyncio.CancelledError):
            sending.cancel()
            writer.transport.abort()

    async def _send(self, held, writer):
        try:
            while True:
                due, chunk = await held.get()
                if due > self._loop.time():
                    await asyncio.sleep(due - self._loop.time())
                await self._flow.wait()
                if not chunk:
                    break
                writer.write(chunk)
                await writer.drain()
            writer.close()
        except OSError:
            writer.transport.abort()
