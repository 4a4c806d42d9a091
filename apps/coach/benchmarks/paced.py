"""``python paced.py <port>``: a model server that keeps a pace, so that what is measured is not the model.

Speaks just enough HTTP for OpenAI chat streams: the first token after ``FIRST_S``, then one every ``TOKEN_S``. A
question that says "long answer" gets as much as the coach takes, for a minute. ``GET /left`` tells when clients left
early.
"""

import asyncio
import json
import sys
import time

import uvloop

FIRST_S = 0.05
TOKEN_S = 0.04
PIECES = 60
LONG_PIECE = 20  # characters
ANSWER = json.dumps(
    {
        "game_state": {"map_name": "de_dust2", "player_side": "CT", "player_health": 100, "utility": ["Flashbang"]},
        "analysis": {"situation_summary": "You hold Long with a rifle and full utility."},
        "advice": {"primary_action": "Smoke Long corner and fall back to site with your teammate on ramp."},
    }
)
left: list[float] = []  # time.time() of each client that left before its answer was whole


def chunk(text: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "paced", "choices": [choice]}
    return framed(f"data: {json.dumps(data)}\n\n".encode())


def framed(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def note_leaving(task: "asyncio.Future[bytes]") -> None:
    if not task.cancelled():
        task.exception()  # a lost line is one more way to leave
        left.append(time.time())


async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
    long = b"long answer" in body[-4_000:]
    text = ANSWER.replace("Smoke", "Smoke " * 5_000) if long else ANSWER
    size = LONG_PIECE if long else len(text) // PIECES + 1
    leaving = asyncio.ensure_future(reader.read(1))
    leaving.add_done_callback(note_leaving)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    wait = FIRST_S
    for start in range(0, len(text), size):
        await asyncio.sleep(wait)
        if leaving.done() or writer.is_closing():
            return
        wait = TOKEN_S
        writer.write(chunk(text[start : start + size]))
    leaving.cancel()
    writer.write(chunk("", "stop") + framed(b"data: [DONE]\n\n") + framed(b""))
    await writer.drain()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        request = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(request.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        body = await reader.readexactly(length)
        if request.startswith(b"post"):
            await stream(reader, writer, body)
        else:
            answer = json.dumps(left).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(answer), answer)
            )
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=16 * 1024 * 1024, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
