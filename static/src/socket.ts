// A JSON websocket that comes back by itself. Callers re-read what they need in onOpen.
export interface Socket {
  send(message: unknown): void;
  close(): void;
}

interface Handlers {
  onOpen?: () => void;
  onMessage: (message: unknown) => void;
  onClosed?: (retryInMs: number | null) => void;
}

const REFUSED = [4401, 4403, 4404]; // not signed in any more, no role, no such socket: trying again would not help

const STEADY_MS = 5_000; // a socket that the server closes at once has not come back yet: the waits go on growing

export function openSocket(path: string, handlers: Handlers): Socket {
  let socket: WebSocket;
  let wait = 500;
  let closed = false;
  let steady: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
    socket.onopen = () => {
      steady = setTimeout(() => (wait = 500), STEADY_MS);
      handlers.onOpen?.();
    };
    socket.onmessage = (event) => handlers.onMessage(JSON.parse(String(event.data)));
    socket.onclose = (event) => {
      clearTimeout(steady);
      if (closed) return;
      const again = REFUSED.includes(event.code) ? null : wait;
      handlers.onClosed?.(again);
      if (again === null) return;
      setTimeout(connect, again);
      wait = Math.min(wait * 2, 15_000);
    };
  }
  connect();
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close: () => {
      closed = true;
      socket.close();
    },
  };
}
