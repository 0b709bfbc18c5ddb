import { REACTIONS } from './reactions.js';
import type { Attempt, FaultsRun, Send } from './run-faults.js';
import { deliveredBy, type Handled } from './scripted-provider.js';
import { PROVIDERS, type ProviderName } from './spells.js';

/** What became of one person, told by the providers and not by the module. */
export interface Fate {
  readonly send: Send;
  /** The codes of the messages that the person got, oldest first within each provider. */
  readonly codes: readonly string[];
  /** What was broken for this person; nothing, if all is well. */
  readonly broken: readonly Broken[];
}

/**
 * `two codes`: messages of one challenge with different codes. `dead code`: the newest message of a live challenge has a
 * code that is not right. `lost`: a definite failure although somebody had not refused. `repeated`: sent again, or by another
 * provider although nobody could know that the first had not sent it. `not said`: told that it was accepted, by nobody.
 */
export type Broken = 'two codes' | 'dead code' | 'lost' | 'repeated' | 'not said';

export async function judge(run: FaultsRun): Promise<readonly Fate[]> {
  const handled = new Map(PROVIDERS.map((name) => [name, byPerson(run.providers[name].handled)]));
  const delivered = PROVIDERS.map((name) => byPerson(deliveredBy(run.providers[name])));
  const fates: Fate[] = [];
  for (const send of run.sends) {
    const codes = delivered.flatMap((people) => (people.get(send.to) ?? []).map(({ text }) => text.slice(0, 6)));
    const said = (name: ProviderName) => handled.get(name)?.get(send.to) ?? [];
    const broken = [...brokenBy(send, said)];
    if (new Set(codes).size > 1) {
      broken.push('two codes');
    }
    const [code] = codes;
    if (code !== undefined && send.outcome !== 'failed' && (await run.verify(send, code)) !== 'verified') {
      broken.push('dead code');
    }
    fates.push({ send, codes, broken });
  }
  return fates;
}

function* brokenBy(
  { asked, outcome }: Send,
  said: (name: ProviderName) => readonly Handled[],
): Generator<Broken, void, undefined> {
  const isDefinite = ({ provider, unconnected }: Attempt) =>
    said(provider).some(({ reaction }) => REACTIONS[reaction].refuses) || (unconnected && said(provider).length === 0);
  const readTwice = PROVIDERS.some((name) => said(name).length > 1);
  if (readTwice || !asked.slice(0, -1).every(isDefinite)) {
    yield 'repeated';
  }
  if (outcome === 'failed' && !(asked.length === PROVIDERS.length && asked.every(isDefinite))) {
    yield 'lost';
  }
  const accepted = said(asked.at(-1)?.provider ?? 'alpha').some(({ reaction }) => ACCEPTING.has(reaction));
  if (outcome === 'accepted' && !accepted) {
    yield 'not said';
  }
}

const ACCEPTING: ReadonlySet<string> = new Set(['accepts', 'slow', 'accepts, and sends nothing']);

function byPerson(handled: readonly Handled[]): ReadonlyMap<string, readonly Handled[]> {
  const people = new Map<string, Handled[]>();
  for (const one of handled) {
    people.set(one.to, [...(people.get(one.to) ?? []), one]);
  }
  return people;
}
