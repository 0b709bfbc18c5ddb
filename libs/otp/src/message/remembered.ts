const MOST = 1024;

/**
 * The same function, which works each answer out once. Requests choose what is asked, so when there are too many answers all
 * are forgotten.
 */
export function remembered<T>(work: (key: string) => T): (key: string) => T {
  const answers = new Map<string, T>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = work(key);
    if (answers.size === MOST) {
      answers.clear();
    }
    answers.set(key, answer);
    return answer;
  };
}
