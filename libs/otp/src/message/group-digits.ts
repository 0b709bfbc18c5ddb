/** ISO 13616-1: at least 15 characters (Norway), at most 34. References of creditors (ISO 11649) look the same. */
const IBAN = /(?<![\p{L}\p{N}])(?=[A-Z\d]*\d{6})[A-Z]{2}\d{2}[A-Z\d]{11,30}(?![\p{L}\p{N}])/giu;
/** What a phone may offer as the code. */
const LONG_NUMBER = /\p{Nd}{6,}/gu;
const MOST_DIGITS_OF_AN_AMOUNT = 12;

/**
 * Breaks up every run of six digits or more. An IBAN with such a run stands in fours, as on paper. Any other number may be an
 * amount, so it is grouped as amounts are read: `1 000 000.00`. One that begins with a zero or is too long for an amount
 * stands in fours.
 */
export function groupDigits(text: string): string {
  return text.replace(IBAN, inFours).replace(LONG_NUMBER, (digits) => {
    const isAmount = !digits.startsWith('0') && Array.from(digits).length <= MOST_DIGITS_OF_AN_AMOUNT;
    return isAmount ? inThousands(digits) : inFours(digits);
  });
}

function inFours(text: string): string {
  return text.replace(/.{4}(?=.)/gu, '$& ');
}

function inThousands(digits: string): string {
  return digits.replace(/(?<=.)(?=(?:.{3})+$)/gu, ' ');
}
