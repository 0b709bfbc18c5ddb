import {
  Controller,
  Get,
  Header,
  Inject,
  Logger,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
  type Type,
  UseFilters,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { WEBHOOKS } from '../../delivery/receipts/receipt-url.js';
import type { OtpParts } from '../../flows/otp-parts.js';
import { ReceiptFlow, type ReceiptResult } from '../../flows/receipt.flow.js';
import type { ReceiptRefusal } from '../../telemetry/event-types.js';
import { type HttpRequest, rawRequest } from '../http-request.js';
import { NotDescribed } from '../openapi/marks.js';
import { OtpException } from '../otp.exception.js';
import { DEFAULT_PATH, type OtpRoutesOptions } from '../otp.controller.js';
import type { OtpHttp } from '../otp-http.js';
import { OtpProblemFilter } from '../otp-problem.filter.js';
import { OTP_HTTP, OTP_PARTS } from '../otp-tokens.js';
import { answerProvider } from './receipt-answer.js';
import { ReceiptCalls } from './receipt-calls.js';
import { type ReceiptEndpoint, ReceiptEndpoints } from './receipt-endpoints.js';

/** With and without a token. */
const PATHS = [':transport', ':transport/:token'];
/** When a provider that could not be heard now may come again. */
const RETRY_SECONDS = 5;

interface Params {
  readonly transport: string;
  readonly token?: string | undefined;
}

/**
 * Where providers report what became of messages, under the path of the built-in routes. Their clients are servers, so
 * nothing is asked of origins and cookies; who calls is told by signature, token and address.
 */
export function createReceiptController({ path = DEFAULT_PATH, decorators = [] }: OtpRoutesOptions): Type {
  @Controller({ path: `${path.replace(/\/+$/, '')}/${WEBHOOKS}`, version: VERSION_NEUTRAL })
  @UseFilters(OtpProblemFilter)
  @NotDescribed()
  class OtpReceiptController {
    private readonly logger = new Logger('OtpModule');

    constructor(
      @Inject(OTP_PARTS) private readonly parts: OtpParts,
      @Inject(OTP_HTTP) private readonly http: OtpHttp,
      private readonly endpoints: ReceiptEndpoints,
      private readonly calls: ReceiptCalls,
      private readonly flow: ReceiptFlow,
    ) {}

    @Post(PATHS)
    @Header('Cache-Control', 'no-store')
    post(@Param() params: Params, @Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
      return this.receive(params, rawRequest(request), response);
    }

    @Get(PATHS)
    @Header('Cache-Control', 'no-store')
    get(@Param() params: Params, @Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
      return this.receive(params, rawRequest(request), response);
    }

    private async receive({ transport, token }: Params, raw: IncomingMessage, response: unknown): Promise<void> {
      const ip = this.http.readClientIp(raw);
      const { endpoint, method } = this.find({ transport, token, method: raw.method, ip });
      const { headers, query, bytes } = this.callOf(raw, endpoint, ip);
      const url = endpoint.urlOf(token, query);
      const now = this.parts.clock.now();
      const result = await this.flow.run({
        transport,
        reader: endpoint.reader,
        request: { method, url, headers, body: bytes, now },
        ip,
      });
      if (result.outcome !== 'received') {
        throw problemOf(result);
      }
      answerProvider(response, endpoint.reader.answer);
    }

    /** One answer for all that is not there, and for a secret that is wrong: nobody learns which. */
    private find({ transport, token, method, ip }: Params & { method: string | undefined; ip: string | undefined }) {
      const endpoint = this.endpoints.get(transport);
      if (endpoint === undefined) {
        throw new NotFoundException();
      }
      const isKnown = endpoint.accepts(token);
      const called = endpoint.reader.methods.find((known) => known === method);
      if (!isKnown || called === undefined) {
        this.flow.refused(transport, isKnown ? 'method' : 'token', ip);
        throw new NotFoundException();
      }
      if (!endpoint.allows(ip)) {
        this.flow.refused(transport, 'address', ip);
        throw new OtpException('forbidden');
      }
      return { endpoint, method: called };
    }

    private callOf(raw: IncomingMessage, { transport }: ReceiptEndpoint, ip: string | undefined) {
      const call = this.calls.of(raw);
      if (call === undefined) {
        // A spelling of the address that only a router understands. No provider is given one.
        throw new NotFoundException();
      }
      const { body, headers, query } = call;
      switch (body.outcome) {
        case 'read':
          return { headers, query, bytes: body.bytes };
        case 'consumed':
          this.logger.error(
            `The bodies of receipts are read before this module sees them, so none can be checked: exempt the path of ` +
              `${WEBHOOKS} from what reads bodies outside Nest`,
          );
          throw new OtpException('busy', { retryAfter: RETRY_SECONDS });
        default:
          this.flow.refused(transport, body.outcome, ip);
          throw new OtpException(BODY_PROBLEMS[body.outcome], DETAILS[body.outcome]);
      }
    }
  }

  for (const decorate of decorators) {
    decorate(OtpReceiptController);
  }
  return OtpReceiptController;
}

const BODY_PROBLEMS = {
  media_type: 'unsupported_media_type',
  size: 'payload_too_large',
  malformed: 'invalid_request',
} as const satisfies Partial<Record<ReceiptRefusal, string>>;

const DETAILS = {
  media_type: { detail: 'This is not of the media type that this provider sends, or it is compressed.' },
  size: { detail: 'This is larger than what this provider sends.' },
  malformed: { detail: 'The body did not come to its end.' },
};

function problemOf(result: Exclude<ReceiptResult, { readonly outcome: 'received' }>): OtpException {
  switch (result.outcome) {
    case 'forged':
      return new OtpException('forbidden', { detail: 'The signature is missing or wrong.' });
    case 'stale':
      return new OtpException('forbidden', { detail: 'This was signed too long ago, or in the future.' });
    case 'malformed':
      return new OtpException('invalid_request');
    case 'unavailable':
      return new OtpException('busy', { retryAfter: RETRY_SECONDS });
    case 'busy':
      return new OtpException('busy', { retryAfter: result.retryAfterSeconds });
    case 'store_unavailable':
      return new OtpException('store_unavailable', { retryAfter: RETRY_SECONDS });
  }
}
