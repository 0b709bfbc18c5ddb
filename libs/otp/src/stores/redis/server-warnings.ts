const OLDEST_VERSION = [6, 2] as const;

/** What an operator should know before relying on this server, which answered `text` to INFO. */
export function serverWarnings(text: string): readonly string[] {
  const info = parseInfo(text);
  const warnings: string[] = [];

  // Valkey is a fork of Redis 7.2 and reports both versions, its own and the one that it is compatible with.
  const version = info.get('redis_version');
  if (version === undefined) {
    warnings.push(
      'Redis does not tell its version or maxmemory-policy (INFO): it must be 6.2 or newer and must not evict',
    );
  } else if (isOlder(version)) {
    warnings.push(
      `Redis ${version} is older than ${OLDEST_VERSION.join('.')}, which the scripts were written for: upgrade it`,
    );
  }

  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}): limits and failure counts can be lost, which ` +
        'gives attackers more guesses; use a server with noeviction',
    );
  }
  return warnings;
}

/** A server with fewer replicas than each write waits for refuses every answer. `text` is what it answered to INFO. */
export function replicaWarnings(text: string, replicas: number): readonly string[] {
  const connected = parseInfo(text).get('connected_slaves');
  return connected === undefined || Number(connected) >= replicas
    ? []
    : [
        `Redis has ${connected} replicas and \`waitForReplicas\` asks for ${replicas}: until it has them no code is accepted`,
      ];
}

function parseInfo(text: string): Map<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor < OLDEST_VERSION[1]);
}
