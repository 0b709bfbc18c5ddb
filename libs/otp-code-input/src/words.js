/** @import { OtpCodeTexts } from './otp-code-input.js' */

/**
 * The element's own words. `{count}`, `{length}` and `{time}` are filled in; what counts has the plurals of its language.
 *
 * @type {Record<'en' | 'nl' | 'fr' | 'de' | 'es' | 'ar', OtpCodeTexts>}
 */
export const WORDS = {
  en: {
    label: 'Code',
    empty: 'Enter the code from the message.',
    notDigits: 'The code has only digits.',
    tooFew: {
      one: '{count} digit is missing: the code has {length}.',
      other: '{count} digits are missing: the code has {length}.',
    },
    tooMany: {
      one: '{count} digit too many: the code has {length}.',
      other: '{count} digits too many: the code has {length}.',
    },
    expired: 'This code has expired. Ask for a new one.',
    validFor: 'Valid for {time}',
    ended: 'No longer valid',
    lastMinute: 'The code stops working within a minute.',
    resendIn: 'in {time}',
    resendReady: 'You can ask for a new code now.',
  },
  nl: {
    label: 'Code',
    empty: 'Vul de code uit het bericht in.',
    notDigits: 'De code bestaat alleen uit cijfers.',
    tooFew: {
      one: '{count} cijfer te weinig: de code heeft er {length}.',
      other: '{count} cijfers te weinig: de code heeft er {length}.',
    },
    tooMany: {
      one: '{count} cijfer te veel: de code heeft er {length}.',
      other: '{count} cijfers te veel: de code heeft er {length}.',
    },
    expired: 'Deze code is verlopen. Vraag een nieuwe aan.',
    validFor: 'Nog {time} geldig',
    ended: 'Niet meer geldig',
    lastMinute: 'Binnen een minuut werkt de code niet meer.',
    resendIn: 'over {time}',
    resendReady: 'U kunt nu een nieuwe code aanvragen.',
  },
  fr: {
    label: 'Code',
    empty: 'Saisissez le code du message.',
    notDigits: 'Le code ne contient que des chiffres.',
    tooFew: {
      one: 'Il manque {count} chiffre\u00a0: le code en compte {length}.',
      other: 'Il manque {count} chiffres\u00a0: le code en compte {length}.',
    },
    tooMany: {
      one: '{count} chiffre de trop\u00a0: le code en compte {length}.',
      other: '{count} chiffres de trop\u00a0: le code en compte {length}.',
    },
    expired: 'Ce code a expiré. Demandez-en un nouveau.',
    validFor: 'Valable encore {time}',
    ended: 'N’est plus valable',
    lastMinute: 'Le code expire dans moins d’une minute.',
    resendIn: 'dans {time}',
    resendReady: 'Vous pouvez maintenant demander un nouveau code.',
  },
  de: {
    label: 'Code',
    empty: 'Geben Sie den Code aus der Nachricht ein.',
    notDigits: 'Der Code besteht nur aus Ziffern.',
    tooFew: {
      one: 'Es fehlt {count} Ziffer: Der Code hat {length}.',
      other: 'Es fehlen {count} Ziffern: Der Code hat {length}.',
    },
    tooMany: {
      one: '{count} Ziffer zu viel: Der Code hat {length}.',
      other: '{count} Ziffern zu viel: Der Code hat {length}.',
    },
    expired: 'Dieser Code ist abgelaufen. Fordern Sie einen neuen an.',
    validFor: 'Noch {time} gültig',
    ended: 'Nicht mehr gültig',
    lastMinute: 'Der Code läuft innerhalb einer Minute ab.',
    resendIn: 'in {time}',
    resendReady: 'Sie können jetzt einen neuen Code anfordern.',
  },
  es: {
    label: 'Código',
    empty: 'Introduzca el código del mensaje.',
    notDigits: 'El código solo tiene cifras.',
    tooFew: {
      one: 'Falta {count} cifra: el código tiene {length}.',
      other: 'Faltan {count} cifras: el código tiene {length}.',
    },
    tooMany: {
      one: 'Sobra {count} cifra: el código tiene {length}.',
      other: 'Sobran {count} cifras: el código tiene {length}.',
    },
    expired: 'Este código ha caducado. Pida uno nuevo.',
    validFor: 'Válido durante {time}',
    ended: 'Ya no es válido',
    lastMinute: 'El código caduca en menos de un minuto.',
    resendIn: 'en {time}',
    resendReady: 'Ya puede pedir un código nuevo.',
  },
  ar: {
    label: 'الرمز',
    empty: 'أدخل الرمز الوارد في الرسالة.',
    notDigits: 'الرمز مكوّن من أرقام فقط.',
    tooFew: {
      one: 'ينقص رقم واحد. عدد أرقام الرمز {length}.',
      two: 'ينقص رقمان. عدد أرقام الرمز {length}.',
      few: 'تنقص {count} أرقام. عدد أرقام الرمز {length}.',
      many: 'ينقص {count} رقمًا. عدد أرقام الرمز {length}.',
      other: 'ينقص {count} رقم. عدد أرقام الرمز {length}.',
    },
    tooMany: {
      one: 'رقم واحد زائد. عدد أرقام الرمز {length}.',
      two: 'رقمان زائدان. عدد أرقام الرمز {length}.',
      few: '{count} أرقام زائدة. عدد أرقام الرمز {length}.',
      many: '{count} رقمًا زائدًا. عدد أرقام الرمز {length}.',
      other: '{count} رقم زائد. عدد أرقام الرمز {length}.',
    },
    expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
    validFor: 'صالح لمدة {time}',
    ended: 'لم يعد صالحًا',
    lastMinute: 'تنتهي صلاحية الرمز خلال دقيقة.',
    resendIn: 'بعد {time}',
    resendReady: 'يمكنك الآن طلب رمز جديد.',
  },
};
