import { Body, Controller, Get, HttpStatus, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import type { DemoRequest } from '../web/demo-request.js';
import { readForm } from '../web/read-form.js';
import { ATTACK_NAMES } from './attack.js';
import { attackPage } from './attack-page.js';
import { AttackRunner } from './attack-runner.js';

const launchForm = z.object({ attack: z.enum(ATTACK_NAMES) });

/** Anybody who reaches the demo may attack it, so production never mounts it. */
@ApiExcludeController()
@Controller('attack')
@UseFilters(PageErrorFilter)
export class AttackController {
  constructor(
    private readonly runner: AttackRunner,
    private readonly pages: PageRenderer,
  ) {}

  @Get()
  show(@Req() request: DemoRequest, @Res() response: unknown): void {
    this.sendPage(request, response, HttpStatus.OK);
  }

  @Post()
  launch(@Body() body: unknown, @Req() request: DemoRequest, @Res() response: unknown): void {
    const { attack } = readForm(launchForm, body);
    if (this.runner.start(attack) === 'busy') {
      return this.sendPage(request, response, HttpStatus.CONFLICT);
    }
    this.pages.redirect(response, `/attack#${attack}`);
  }

  @Post('stop')
  async stop(@Res() response: unknown): Promise<void> {
    await this.runner.stop();
    this.pages.redirect(response, '/attack');
  }

  private sendPage(request: DemoRequest, response: unknown, status: HttpStatus.OK | HttpStatus.CONFLICT): void {
    const { running } = this.runner;
    const reports = ATTACK_NAMES.map((name) => ({ name, report: this.runner.report(name) }));
    const isRefused = status === HttpStatus.CONFLICT;
    this.pages.send(request, response, (words) => attackPage(words, { running, reports, isRefused }), status);
  }
}
