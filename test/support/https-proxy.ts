import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';

/** Where the proxy's own connections come from, so that it can be told from whoever calls a server directly. */
export const PROXY_ADDRESS = '127.0.0.2';

export interface HttpsProxyOptions {
  /** Servers that speak plain HTTP; each request goes to the next of them. */
  readonly targets: readonly string[];
  /** The name that browsers know it by; on this machine every `….localhost` leads here. @default 'localhost' */
  readonly host?: string;
}

export interface HttpsProxy {
  /** Without a slash at the end. */
  readonly url: string;
  /** How many requests each target got, in their order. */
  readonly requests: readonly number[];
  stop(): Promise<void>;
}

/** Ends TLS in front of servers, with a certificate of its own, and tells them of the client as nginx is usually set up to. */
export async function startHttpsProxy({ targets, host = 'localhost' }: HttpsProxyOptions): Promise<HttpsProxy> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  });
  const requests = targets.map(() => 0);
  let next = 0;
  const server = createServer({ key, cert }, (request, response) => {
    const which = next;
    next = (next + 1) % targets.length;
    requests[which] = (requests[which] ?? 0) + 1;
    forward(request, response, targets[which] ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port was assigned');
  }

  return {
    url: `https://${host}:${address.port}`,
    requests,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function forward(request: IncomingMessage, response: ServerResponse, target: string): void {
  const { method = 'GET', url: path = '/', headers, socket } = request;
  const chain = [headers['x-forwarded-for'], socket.remoteAddress].flat().filter((hop) => hop !== undefined);
  const { hostname, port } = new URL(target);
  const upstream = httpRequest({
    hostname,
    port,
    method,
    path,
    localAddress: PROXY_ADDRESS,
    headers: {
      ...headers,
      connection: 'close',
      'x-forwarded-for': chain.join(', '),
      'x-forwarded-proto': 'https',
      'x-forwarded-host': headers.host ?? '',
    },
  });
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.once('error', () => {
    if (!response.headersSent) {
      response.writeHead(502);
    }
    response.end();
  });
  // A browser that goes elsewhere no longer waits for the answer.
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}
