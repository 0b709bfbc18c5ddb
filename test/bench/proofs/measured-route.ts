import { median } from '../rounds.js';
import { load, type LoadResult } from './load.js';
import type { RouteName } from './proof-app.js';
import type { ServerProcess } from './server-process.js';

interface Round extends LoadResult {
  readonly serverMicros: number;
}

/** What was seen of one route; ratios and differences are medians over the rounds, in each of which all took turns. */
export class MeasuredRoute {
  private readonly rounds: Round[] = [];

  constructor(
    private readonly server: ServerProcess,
    private readonly name: RouteName,
  ) {}

  async run(requests: number, isCounted: boolean): Promise<void> {
    const { port, headers } = this.server.routes;
    const before = await this.server.processorMicros();
    const url = `http://127.0.0.1:${port}/${this.name}`;
    const result = await load({ url, headers: headers[this.name], requests });
    const serverMicros = ((await this.server.processorMicros()) - before) / requests;
    if (isCounted) {
      this.rounds.push({ ...result, serverMicros });
    }
  }

  median(of: keyof Round): number {
    return median(this.rounds.map((round) => round[of]));
  }

  rateAgainst(other: MeasuredRoute): number {
    return median(this.rounds.map(({ perSecond }, at) => perSecond / (other.rounds[at]?.perSecond ?? Number.NaN)));
  }

  serverMicrosAfter(other: MeasuredRoute): number {
    return median(
      this.rounds.map(({ serverMicros }, at) => serverMicros - (other.rounds[at]?.serverMicros ?? Number.NaN)),
    );
  }
}
