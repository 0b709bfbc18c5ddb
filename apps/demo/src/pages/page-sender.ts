import { HttpStatus, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { PublicFile } from '../public-files.js';
import type { DemoRequest } from '../session/session-cookie.js';

/** Sends files that were read at boot, alike on Express and Fastify. */
@Injectable()
export class PageSender {
  constructor(private readonly host: HttpAdapterHost) {}

  /** For what is the same for everybody: kept by the browser and asked for again by its ETag (RFC 9110 §13.1.2). */
  sendShared(file: PublicFile, request: DemoRequest, response: unknown): void {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Cache-Control', 'no-cache');
    httpAdapter.setHeader(response, 'ETag', file.etag);
    if (request.headers['if-none-match'] === file.etag) {
      httpAdapter.reply(response, '', HttpStatus.NOT_MODIFIED);
      return;
    }
    httpAdapter.setHeader(response, 'Content-Type', file.contentType);
    httpAdapter.reply(response, file.body, HttpStatus.OK);
  }

  /** For what only a signed-in person sees: no cache keeps it. */
  sendPrivate(file: PublicFile, response: unknown, status: HttpStatus = HttpStatus.OK): void {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.setHeader(response, 'Content-Type', file.contentType);
    httpAdapter.reply(response, file.body, status);
  }

  /** @param path a path of this demo, never input */
  redirect(path: string, response: unknown): void {
    this.host.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    this.host.httpAdapter.redirect(response, HttpStatus.SEE_OTHER, path);
  }
}
