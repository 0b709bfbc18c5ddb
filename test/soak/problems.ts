import { PEOPLE } from './load.js';
import type { ProcessSample } from './messages.js';
import type { SoakReport } from './run-soak.js';
import { trendOf } from './trend.js';

/** Records, tallies, live challenges and marks that one person may have in Redis at the same time. */
const KEYS_OF_A_PERSON = 8;
/** As many samples make a trend; before that the engine still warms up. */
export const FEWEST_SAMPLES = 20;
const STEADY_SHARE = 0.03;
const NOISE = 3;

/** What must have happened, or the soak has shown nothing: a part of the name of an answer. */
export const HAPPENED = [
  'POST /otp/challenges 201',
  'POST /otp/challenges 429',
  'POST /otp/challenges 503',
  'POST /otp/challenges/{id}/verify 200',
  'POST /otp/challenges/{id}/verify 422',
  'POST /otp/challenges/{id}/resend 200',
  'DELETE /otp/challenges/{id} 204',
  'POST /otp/webhooks/https 200',
  'POST /otp/webhooks/https 403',
  'POST /session 201',
  'POST /transfer 201',
];

/** All that is wrong with a run; empty when all is well. */
export function problemsOf(report: SoakReport): readonly string[] {
  const { breaches, unhandled, left, ends, answers, samples, idle } = report;
  const immortal = new Set([...samples.flatMap(({ redis }) => redis.immortal), ...left.immortal]);
  const mostKeys = Math.max(...samples.map(({ redis }) => redis.keys));
  return [
    ...Object.entries(breaches).map(([what, times]) => `${what} (${times})`),
    ...[...new Set(unhandled)].map((text) => `nobody handled: ${text}`),
    ...[...immortal].map((key) => `a key without a time to live: ${key}`),
    ...(mostKeys > PEOPLE * KEYS_OF_A_PERSON ? [`${mostKeys} keys in Redis for ${PEOPLE} people`] : []),
    ...(left.keys > 0 ? [`${left.keys} keys are in Redis after the time of everything`] : []),
    ...ends.flatMap((end, index) => (end === 'exited' ? [] : [`application ${index + 1} ${end} after close()`])),
    ...idle.after.flatMap((now, index) =>
      heldOn(idle.before[index], now).map((what) => `application ${index + 1} holds ${what} when nobody is there`),
    ),
    ...HAPPENED.filter((name) => answers[name] === undefined).map((name) => `did not happen: ${name}`),
    ...growth(report),
  ];
}

/** Sockets, timers and the like that a process has now and had not before. */
export function heldOn(before: ProcessSample | undefined, now: ProcessSample): readonly string[] {
  const { resources = {}, descriptors = 0 } = before ?? {};
  return [
    ...Object.entries(now.resources)
      .filter(([kind, count]) => count > (resources[kind] ?? 0))
      .map(([kind, count]) => `${count} ${kind}`),
    ...(now.descriptors > descriptors ? [`${now.descriptors} descriptors`] : []),
  ];
}

/** Heap and descriptors over the second half, when all that is filled once is filled. */
function growth({ samples, idle }: SoakReport): readonly string[] {
  const half = samples.slice(Math.floor(samples.length / 2));
  return half.length < FEWEST_SAMPLES
    ? []
    : idle.before.flatMap((_, index) =>
        (['heapBytes', 'descriptors'] as const).flatMap((what) => {
          const values = half.map(({ processes }) => valueOf(processes[index], what));
          const { growth: grown, noise } = trendOf(values);
          const allowed = Math.max(NOISE * noise, STEADY_SHARE * Math.max(...values));
          return grown > allowed
            ? [`application ${index + 1}: ${what} grew by ${Math.round(grown)}, more than ${Math.round(allowed)}`]
            : [];
        }),
      );
}

function valueOf(sample: ProcessSample | undefined, what: 'heapBytes' | 'descriptors'): number {
  return sample?.[what] ?? 0;
}
