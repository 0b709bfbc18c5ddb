import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import type { Ledger } from './ledger.js';
import type { Site } from './site.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What an application may answer whatever it is asked, and whatever happens around it. */
const ALLOWED = new Set([200, 201, 202, 204, 400, 401, 403, 409, 410, 413, 415, 422, 429, 503]);

/** One client: an address, and the applications in turn. */
export class Caller {
  private requests = 0;

  constructor(
    private readonly site: Site,
    private readonly ledger: Pick<Ledger, 'answered' | 'breach'>,
    private readonly address: string,
  ) {}

  /** Whatever is not an answer of the contract is a breach. */
  async call(call: Call): Promise<Answer> {
    const route = `${call.method ?? 'POST'} ${call.path.replace(/(?<=\/challenges\/)[^/]+/, '{id}')}`;
    const request = this.send(call);
    try {
      const [response] = await once(request, 'response');
      const text = await readText(response);
      this.ledger.answered(route, response.statusCode);
      if (!ALLOWED.has(response.statusCode)) {
        this.ledger.breach(`${route} answered ${response.statusCode}: ${text.slice(0, 200)}`);
      }
      return { status: response.statusCode, body: readObject(text) };
    } catch (error) {
      // A server may end an idle connection just as a request takes it; nothing was read then.
      if (!request.reusedSocket) {
        this.ledger.breach(`${route} was not answered: ${String(error)}`);
      }
      return { status: 0, body: {} };
    }
  }

  /** Hangs up when the request has left. */
  async hangUp(call: Call): Promise<void> {
    const request = this.send(call);
    request.on('error', () => undefined);
    const closed = new Promise((resolve) => request.once('close', resolve));
    request.once('finish', () => request.destroy());
    await closed;
    this.ledger.answered('hung up', 0);
  }

  private send({ method = 'POST', path, headers = {}, body }: Call): ClientRequest {
    this.requests += 1;
    const { applications, connections: agent } = this.site;
    const application = applications[this.requests % applications.length];
    const request = httpRequest(`${application?.url}${path}`, {
      method,
      agent,
      headers: {
        'x-forwarded-for': this.address,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    return request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }
}

async function readText(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
