import { defineTexts } from '../define-texts.js';

export const deskAccess = defineTexts({
  en: {
    'deskAccess.lead': 'For whoever is on call. Password first, then a code to the operator’s phone.',
    'deskAccess.wrong': 'That is not the password.',
    'deskAccess.demo': 'To try it, the password is “{password}”.',
  },
  nl: {
    'deskAccess.lead': 'Voor wie dienst heeft. Eerst het wachtwoord, daarna een code naar de diensttelefoon.',
    'deskAccess.wrong': 'Dat is niet het wachtwoord.',
    'deskAccess.demo': 'Om te proberen is het wachtwoord ‘{password}’.',
  },
  fr: {
    'deskAccess.lead': 'Pour la personne d’astreinte. D’abord le mot de passe, puis un code au téléphone d’astreinte.',
    'deskAccess.wrong': 'Ce n’est pas le mot de passe.',
    'deskAccess.demo': 'Pour essayer, le mot de passe est «\u202f{password}\u202f».',
  },
  de: {
    'deskAccess.lead': 'Für alle im Bereitschaftsdienst. Zuerst das Passwort, dann ein Code an das Diensttelefon.',
    'deskAccess.wrong': 'Das ist nicht das Passwort.',
    'deskAccess.demo': 'Zum Ausprobieren lautet das Passwort „{password}“.',
  },
  es: {
    'deskAccess.lead': 'Para quien está de guardia. Primero la contraseña y después un código al teléfono de guardia.',
    'deskAccess.wrong': 'Esa no es la contraseña.',
    'deskAccess.demo': 'Para probar, la contraseña es «{password}».',
  },
  ar: {
    'deskAccess.lead': 'لمن هو في المناوبة. كلمة المرور أولًا، ثم رمز إلى هاتف المناوبة.',
    'deskAccess.wrong': 'كلمة المرور غير صحيحة.',
    'deskAccess.demo': 'للتجربة، كلمة المرور هي «\u2068{password}\u2069».',
  },
});
