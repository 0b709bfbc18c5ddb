import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/**
 * A connection that stays open, one request at a time. It writes and reads as little as will do: a client as busy as the
 * server would hide what the server does.
 */
export class Connection {
  private text = '';
  private resolve: (reply: HttpReply) => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.once('close', () => this.resolve({ status: 0, body: '' }));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Status 0 when the server closes the connection instead. */
  ask(request: string): Promise<HttpReply> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: string): void {
    this.text += chunk;
    const headEnd = this.text.indexOf('\r\n\r\n');
    if (headEnd === -1) {
      return;
    }
    const length = /content-length: (\d+)/i.exec(this.text)?.[1];
    const isWhole =
      length === undefined ? this.text.endsWith('\r\n0\r\n\r\n') : this.text.length >= headEnd + 4 + Number(length);
    if (isWhole) {
      const reply = { status: Number(this.text.slice(9, 12)), body: this.text.slice(headEnd + 4) };
      this.text = '';
      this.resolve(reply);
    }
  }
}

/** Whose request it is stands in `X-Forwarded-For`: the load comes from one machine. */
export function getRequest({ path, ip }: { readonly path: string; readonly ip: string }): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${ip}\r\n\r\n`;
}

/** As `getRequest`; the body is ASCII. */
export function postRequest({
  path,
  ip,
  body,
}: {
  readonly path: string;
  readonly ip: string;
  readonly body: object;
}): string {
  const json = JSON.stringify(body);
  const headers = `Host: localhost\r\nX-Forwarded-For: ${ip}\r\nContent-Type: application/json\r\nContent-Length: ${json.length}`;
  return `POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n${json}`;
}
