import { explain, post } from './api.js';
import { clock, countDown } from './countdown.js';
import { readCode } from './read-code.js';
import { codeFromSms } from './web-otp.js';

const element = (id) => document.getElementById(id);
const phoneStep = element('phone-step');
const codeStep = element('code-step');
const country = element('country');
const phone = element('phone');
const code = element('code');
const resend = element('resend');

const EXPIRED = 'This code has expired. Ask for a new one.';

/** The live challenge, or undefined when the next code needs a new one. */
let challenge;
/** Why there is none. */
let ending = EXPIRED;
/** What ends with a challenge: its lifetime and the wait for its SMS. */
let stops = [];
/** The wait for the next code goes on when the challenge ends. */
let stopResendWait = () => undefined;

const region = new Intl.Locale(navigator.language).region;
if ([...country.options].some((option) => option.value === region)) {
  country.value = region;
}

phoneStep.addEventListener('submit', (event) => submit(event, start));
codeStep.addEventListener('submit', (event) => submit(event, verify));
resend.addEventListener('click', () => void once(sendAgain));
element('change').addEventListener('click', changeNumber);

async function start() {
  const number = phone.value.trim();
  if (number === '') {
    return showError(phone, 'Enter your mobile number.');
  }
  if (!number.startsWith('+') && country.value === '') {
    return showError(phone, 'Choose your country, or start the number with + and the country code.');
  }
  const { answer, servedAt, problem } = await requestChallenge();
  if (problem) {
    return showError(phone, explain(problem));
  }
  phoneStep.hidden = true;
  codeStep.hidden = false;
  showChallenge(answer, servedAt);
}

function requestChallenge() {
  const phoneNumber = phone.value.trim();
  const national = !phoneNumber.startsWith('+');
  return post('/otp/challenges', { body: { phoneNumber, ...(national && { country: country.value }) } });
}

function showChallenge(answer, servedAt) {
  challenge = answer;
  stopWaiting();
  showError(code, '');
  code.value = '';
  element('length').textContent = answer.codeLength;
  element('destination').textContent = answer.destination;
  const secondsUntil = (time) => Math.ceil((Date.parse(time) - servedAt) / 1000);
  const listening = new AbortController();
  stops = [countDown(secondsUntil(answer.expiresAt), showExpiry), () => listening.abort()];
  stopResendWait();
  stopResendWait = countDown(secondsUntil(answer.resendAt), showResend);
  announce(`A code was sent to ${answer.destination}. You have ${answer.attemptsRemaining} attempts.`);
  code.focus();
  void fillFromSms(listening.signal);
}

async function fillFromSms(signal) {
  const received = await codeFromSms(signal);
  if (received) {
    code.value = received;
    codeStep.requestSubmit();
  }
}

async function verify() {
  if (challenge === undefined) {
    return showError(code, ending);
  }
  const reading = readCode(code.value, challenge.codeLength);
  if (reading.error) {
    return showError(code, reading.error);
  }
  const { answer, problem } = await post(`/otp/challenges/${challenge.challengeId}/verify`, {
    body: { code: reading.code },
  });
  if (problem) {
    return refuse(problem);
  }
  stopWaiting();
  const session = await post('/session', { headers: { 'OTP-Proof': answer.proof } });
  if (session.problem) {
    return refuse({ ...session.problem, status: 410 });
  }
  location.replace('/account');
}

/** After a 410 or the last attempt no answer can be right any more, so the next code needs a new challenge. */
function refuse(problem) {
  if (problem.status === 410 || problem.attemptsRemaining === 0) {
    endChallenge(explain(problem));
  }
  announce('');
  showError(code, explain(problem));
}

async function sendAgain() {
  const again = challenge !== undefined && challenge.sendsRemaining > 0;
  let result = again ? await post(`/otp/challenges/${challenge.challengeId}/resend`, { body: {} }) : undefined;
  if (result === undefined || result.problem?.status === 410) {
    result = await requestChallenge();
  }
  if (result.problem) {
    return showError(code, explain(result.problem));
  }
  showChallenge(result.answer, result.servedAt);
  announce('A new code was sent. The old one no longer works.');
}

function changeNumber() {
  endChallenge(EXPIRED);
  codeStep.hidden = true;
  phoneStep.hidden = false;
  announce('');
  phone.focus();
  phone.select();
}

function showExpiry(seconds) {
  element('code-hint').textContent = `Valid for ${clock(seconds)}`;
  if (seconds === 60) {
    announce('The code is valid for one more minute.');
  } else if (seconds === 0) {
    endChallenge(EXPIRED);
    announce(EXPIRED);
  }
}

function showResend(seconds) {
  resend.disabled = seconds > 0;
  element('resend-wait').textContent = seconds > 0 ? ` in ${clock(seconds)}` : '';
}

function endChallenge(reason) {
  challenge = undefined;
  ending = reason;
  stopWaiting();
  element('code-hint').textContent = 'No longer valid';
}

function stopWaiting() {
  stops.forEach((stop) => stop());
  stops = [];
}

/** The sentence is tied to its field and announced; the focus stays where the person is. */
function showError(field, text) {
  element(`${field.id}-error`).textContent = text;
  field.setAttribute('aria-invalid', String(text !== ''));
}

function announce(text) {
  element('status').textContent = text;
}

let running = false;

/** A second click while an answer is awaited must not ask twice. */
async function once(action) {
  if (running) {
    return;
  }
  running = true;
  document.body.setAttribute('aria-busy', 'true');
  await action().finally(() => {
    running = false;
    document.body.removeAttribute('aria-busy');
  });
}

function submit(event, action) {
  event.preventDefault();
  showError(event.target === phoneStep ? phone : code, '');
  void once(action);
}
