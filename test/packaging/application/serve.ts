import type { INestApplication } from '@nestjs/common';
import { OtpProblemFilter } from 'nestjs-sms-otp';

/** Starts on a free port and prints the address. No top-level await: this is compiled to CommonJS as well. */
export async function serve(creating: Promise<INestApplication>): Promise<void> {
  const app = await creating;
  app.useGlobalFilters(app.get(OtpProblemFilter));
  await app.listen(0, '127.0.0.1');
  process.stdout.write(`listening on ${await app.getUrl()}\n`);
}
