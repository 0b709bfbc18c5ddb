import { FSI, PDI } from '../bidi.js';
import type { Languages } from '../language.js';

/** A letter of the language stands before the name everywhere, or the name is isolated: see `Language`. */
export const rightToLeft: Languages = {
  ar: {
    english: 'Arabic',
    code: '{code} هو رمز {name} الخاص بك',
    brief: '{code} رمز {name}',
    lifetime: {
      one: 'صالح لدقيقة واحدة',
      two: 'صالح لدقيقتين',
      few: 'صالح لمدة {minutes} دقائق',
      other: 'صالح لمدة {minutes} دقيقة',
    },
    secrecy: 'لا تشاركه مع أحد',
  },
  fa: {
    english: 'Persian',
    code: '{code} کد {name} شماست',
    brief: '{code} کد {name}',
    lifetime: 'اعتبار: {minutes} دقیقه',
    secrecy: 'آن را به کسی ندهید',
  },
  he: {
    english: 'Hebrew',
    code: '{code} הוא הקוד שלך עבור {name}',
    brief: '{code} קוד {name}',
    lifetime: { one: 'תקף לדקה אחת', two: 'תקף לשתי דקות', other: 'תקף ל-{minutes} דקות' },
    secrecy: 'אין למסור אותו לאיש',
  },
  ur: {
    english: 'Urdu',
    code: '{code} آپ کا {name} کوڈ ہے',
    brief: `{code} ${FSI}{name}${PDI} کوڈ`,
    lifetime: '{minutes} منٹ تک کارآمد',
    secrecy: 'کسی کو نہ بتائیں',
    join: '۔ ',
    end: '۔',
  },
};
