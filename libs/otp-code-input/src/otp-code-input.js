import { OtpCodeInput } from './element.js';

if (customElements.get('otp-code-input') === undefined) {
  customElements.define('otp-code-input', OtpCodeInput);
}

export { OtpCodeInput };
