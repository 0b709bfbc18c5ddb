import type { Languages } from '../language.js';

export const cyrillic: Languages = {
  ru: {
    english: 'Russian',
    code: '{code} — ваш код {name}',
    brief: '{code} — код {name}',
    lifetime: 'Действует {minutes} мин',
    secrecy: 'Никому его не сообщайте',
  },
  uk: {
    english: 'Ukrainian',
    code: '{code} — ваш код {name}',
    brief: '{code} — код {name}',
    lifetime: 'Діє {minutes} хв',
    secrecy: 'Нікому його не повідомляйте',
  },
  be: {
    english: 'Belarusian',
    code: '{code} — ваш код {name}',
    brief: '{code} — код {name}',
    lifetime: 'Дзейнічае {minutes} хв',
    secrecy: 'Нікому яго не паведамляйце',
  },
  bg: {
    english: 'Bulgarian',
    code: '{code} е вашият код за {name}',
    brief: '{code} – код {name}',
    lifetime: 'Валиден {minutes} мин',
    secrecy: 'Не го споделяйте',
  },
  mk: {
    english: 'Macedonian',
    code: '{code} е вашиот код за {name}',
    brief: '{code} – код {name}',
    lifetime: 'Важи {minutes} мин',
    secrecy: 'Не го споделувајте',
  },
  sr: {
    english: 'Serbian (Cyrillic)',
    code: '{code} је код за {name}',
    brief: '{code} – код {name}',
    lifetime: 'Важи {minutes} мин',
    secrecy: 'Никоме га не откривајте',
  },
  kk: {
    english: 'Kazakh',
    code: '{code} — {name} кодыңыз',
    brief: '{code} — {name} коды',
    lifetime: '{minutes} минут жарамды',
    secrecy: 'Ешкімге айтпаңыз',
  },
  ky: {
    english: 'Kyrgyz',
    code: '{code} — {name} кодуңуз',
    brief: '{code} — {name} коду',
    lifetime: '{minutes} мүнөт жарактуу',
    secrecy: 'Эч кимге айтпаңыз',
  },
  tg: {
    english: 'Tajik',
    code: '{code} — рамзи шумо дар {name}',
    brief: '{code} — рамзи {name}',
    lifetime: 'Муҳлаташ {minutes} дақиқа',
    secrecy: 'Ба касе нагӯед',
  },
  mn: {
    english: 'Mongolian',
    code: '{code} — таны {name} код',
    brief: '{code} — {name} код',
    lifetime: '{minutes} минут хүчинтэй',
    secrecy: 'Хэнд ч бүү хэлээрэй',
  },
};
