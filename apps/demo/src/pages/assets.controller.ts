import {
  Controller,
  Get,
  HttpStatus,
  Inject,
  NotFoundException,
  Param,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import Negotiator from 'negotiator';
import { DEMO_CONFIG, type DemoConfig } from '../config.js';
import type { DemoRequest } from '../web/demo-request.js';
import { type Asset, readAssets } from './assets.js';

/** Styles, scripts and pictures: the same for everybody, kept by the browser and asked for again by ETag (RFC 9110 §13.1.2). */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  private readonly assets: ReadonlyMap<string, Asset>;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(DEMO_CONFIG) { production }: DemoConfig,
  ) {
    this.assets = readAssets({ production });
  }

  @Get(':name')
  asset(@Param('name') name: string, @Req() request: DemoRequest, @Res() response: unknown): void {
    this.send(name, request, response);
  }

  @Get(':folder/:name')
  packaged(
    @Param('folder') folder: string,
    @Param('name') name: string,
    @Req() request: DemoRequest,
    @Res() response: unknown,
  ): void {
    this.send(`${folder}/${name}`, request, response);
  }

  private send(name: string, request: DemoRequest, response: unknown): void {
    const asset = this.assets.get(name);
    if (asset === undefined) {
      throw new NotFoundException();
    }
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Cache-Control', 'no-cache');
    httpAdapter.setHeader(response, 'ETag', asset.etag);
    httpAdapter.setHeader(response, 'Vary', 'Accept-Encoding');
    if (isKept(request, asset)) {
      httpAdapter.reply(response, '', HttpStatus.NOT_MODIFIED);
      return;
    }
    httpAdapter.setHeader(response, 'Content-Type', asset.contentType);
    const isGzipped = acceptsGzip(request);
    if (isGzipped) {
      httpAdapter.setHeader(response, 'Content-Encoding', 'gzip');
    }
    // Express would write a bare buffer as JSON.
    const file = new StreamableFile(isGzipped ? asset.gzipped : asset.body);
    httpAdapter.reply(response, file, HttpStatus.OK);
  }
}

/** Compared weakly, whatever else the browser kept (RFC 9110 §13.1.2). */
function isKept({ headers }: DemoRequest, { etag }: Asset): boolean {
  const kept = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return kept.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag.replace(/^W\//, ''));
}

function acceptsGzip({ headers }: DemoRequest): boolean {
  return new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip';
}
