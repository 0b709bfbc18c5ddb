import { BadRequestException, Controller, Get, Header, Query } from '@nestjs/common';
import type { SimulatedMessage } from './simulated-message.js';
import { SimulatedPhone } from './simulated-phone.js';

/** Shows codes, so production never mounts it. */
@Controller('dev/inbox')
export class DevInboxController {
  constructor(private readonly phone: SimulatedPhone) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  inbox(@Query('to') to: unknown): readonly SimulatedMessage[] {
    if (to === undefined) {
      return this.phone.inbox();
    }
    if (typeof to !== 'string') {
      throw new BadRequestException('Give one number: /dev/inbox?to=%2B31612345678');
    }
    // An unencoded + in a query reads as a space.
    return this.phone.inbox(to.replace(/^ /, '+'));
  }
}
