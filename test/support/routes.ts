import type { INestApplication } from '@nestjs/common';
import { z } from 'zod';

export interface Route {
  /** In capitals. */
  readonly method: string;
  /** As it was registered, e.g. `/otp/challenges/:id`. */
  readonly pattern: string;
  /** One that it matches. */
  readonly path: string;
}

const layers = z.array(
  z.object({ route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional() }),
);

/** Everything that an application on Express answers, as its router has it. */
export function routesOf(app: INestApplication): readonly Route[] {
  const { router } = app.getHttpAdapter().getInstance();
  return layers.parse(router.stack).flatMap(({ route }) =>
    Object.keys(route?.methods ?? {}).map((method) => ({
      method: method.toUpperCase(),
      pattern: route?.path ?? '',
      path: (route?.path ?? '').replaceAll(/:\w+/g, 'x'),
    })),
  );
}

export function nameOf({ method, pattern }: Route): string {
  return `${method} ${pattern}`;
}

/** Those that may change something. */
export function changing(routes: readonly Route[]): readonly Route[] {
  return routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
}
