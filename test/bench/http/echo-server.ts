import { Body, Controller, Module, Post } from '@nestjs/common';
import type { AdapterName, MeasuredServer } from './measured-server.js';
import { startNest } from './nest-server.js';

/** A bare Nest route: reads a JSON body and answers it. */
export function startEcho(adapter: AdapterName): Promise<MeasuredServer> {
  @Controller()
  class EchoController {
    @Post('echo')
    echo(@Body() body: object): object {
      return body;
    }
  }

  @Module({ controllers: [EchoController] })
  class EchoModule {}
  return startNest(EchoModule, adapter);
}
