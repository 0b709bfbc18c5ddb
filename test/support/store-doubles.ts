import { hmacSha256, memoryStore, type CodeHasher, type OtpStore } from 'nestjs-sms-otp';

/** A store's method, such as `challenges.create`. */
export type StoreMethod = `${'challenges' | 'limits' | 'marks'}.${string}`;

/**
 * Tells of every call before it reaches the store, and waits for what is promised; what `onCall` throws is what the call
 * rejects with.
 */
export function watchStore(store: OtpStore, onCall: (method: StoreMethod) => unknown): OtpStore {
  return {
    name: store.name,
    namespace: store.namespace,
    connect: () => store.connect(),
    close: () => store.close(),
    challenges: watchPort(store.challenges, (method) => onCall(`challenges.${method}`)),
    limits: watchPort(store.limits, (method) => onCall(`limits.${method}`)),
    marks: watchPort(store.marks, (method) => onCall(`marks.${method}`)),
  };
}

function watchPort<T extends object>(port: T, onCall: (method: string) => unknown): T {
  return new Proxy(port, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function') {
        return value;
      }
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const answer = onCall(String(member));
        // Without a wait a call reaches the store at once, as it does without a watcher.
        if (answer instanceof Promise) {
          await answer;
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
}

export interface CountedParts {
  readonly store: OtpStore;
  readonly hashing: CodeHasher;
  /** Calls of the store since the last `forget`. */
  readonly calls: readonly StoreMethod[];
  /** Codes compared since the last `forget`. */
  readonly comparisons: number;
  forget(): void;
}

/** A memory store and a hasher that count what is asked of them. */
export function countedParts(options: Parameters<typeof memoryStore>[0]): CountedParts {
  const calls: StoreMethod[] = [];
  const counts = { comparisons: 0 };
  const hasher = hmacSha256();
  return {
    calls,
    store: watchStore(memoryStore(options), (method) => calls.push(method)),
    hashing: {
      ...hasher,
      verify(input, stored) {
        counts.comparisons++;
        return hasher.verify(input, stored);
      },
    },
    get comparisons() {
      return counts.comparisons;
    },
    forget() {
      calls.length = 0;
      counts.comparisons = 0;
    },
  };
}
