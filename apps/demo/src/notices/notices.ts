import { Injectable } from '@nestjs/common';
import { SimulatedPhone } from '../handset/simulated-phone.js';
import { chooseLanguage } from '../i18n/languages.js';
import { wordsOf } from '../i18n/words.js';

/** Messages that are no codes. They go out by the same simulated provider. */
@Injectable()
export class Notices {
  constructor(private readonly phone: SimulatedPhone) {}

  /** To the number that an account had until now. */
  numberChanged(formerNumber: string, acceptLanguage: string | undefined): void {
    const { t, language } = wordsOf(chooseLanguage(acceptLanguage));
    this.phone.notify({ to: formerNumber, text: t('numberChange.message'), locale: language });
  }
}
