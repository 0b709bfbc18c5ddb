/** The answer of the service: `problem` is set when it said no, or could not be reached. */
export async function post(path, { body, headers } = {}) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    return response.ok ? { answer, servedAt: servedAt(response) } : { problem: answer };
  } catch {
    return { problem: { code: 'unreachable' } };
  }
}

/** The service's clock when it answered: a wrong clock in the browser must not shorten or stretch a countdown. */
function servedAt(response) {
  return Date.parse(response.headers.get('Date') ?? '') || Date.now();
}

/** One sentence or two for the person, whatever went wrong. */
export function explain(problem) {
  const text = TEXTS[problem.code];
  return typeof text === 'function' ? text(problem) : (text ?? 'Something went wrong here. Try again in a moment.');
}

const TEXTS = {
  invalid_phone_number: 'This is not a mobile number. Check the country and the digits.',
  destination_not_allowed: 'We cannot send codes to this number. Use a mobile number of a country in the list.',
  incorrect_code: ({ attemptsRemaining }) =>
    attemptsRemaining > 0
      ? `That code is not right. ${attemptsRemaining === 1 ? '1 attempt' : `${attemptsRemaining} attempts`} left.`
      : 'That code is not right, and there are no attempts left. Ask for a new code.',
  attempts_exhausted: 'There were too many wrong codes. Ask for a new code, or wait if that does not help.',
  challenge_gone: 'This code has expired or has been used. Ask for a new one.',
  throttled: ({ retryAfter }) => `Too many codes were asked for. Try again in ${duration(retryAfter)}.`,
  delivery_failed: 'The message could not be sent. Try again in a moment.',
  busy: 'Many people are signing in right now. Try again in a moment.',
  store_unavailable: 'Signing in is not available right now. Try again in a moment.',
  unreachable: 'No connection to Tern Bank. Check your internet connection and try again.',
};

function duration(seconds = 60) {
  if (seconds < 90) {
    return `${seconds} seconds`;
  }
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}
