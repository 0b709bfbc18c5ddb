import type { Languages } from '../language.js';

/** Latin script. Azerbaijani and Vietnamese need letters outside GSM-7. */
export const asiaAndAfricaLatin: Languages = {
  az: {
    english: 'Azerbaijani',
    code: '{code} – {name} kodunuz',
    brief: '{code} – {name} kodu',
    lifetime: '{minutes} dəqiqə etibarlıdır',
    secrecy: 'Heç kimə verməyin',
  },
  uz: {
    english: 'Uzbek',
    code: '{code} - sizning {name} kodingiz',
    lifetime: '{minutes} daqiqa amal qiladi',
    secrecy: 'Uni hech kimga bermang',
  },
  vi: {
    english: 'Vietnamese',
    code: '{code} là mã {name} của bạn',
    brief: '{code} là mã {name}',
    lifetime: 'Hiệu lực {minutes} phút',
    secrecy: 'Không chia sẻ với ai',
  },
  id: {
    english: 'Indonesian',
    code: '{code} adalah kode {name} Anda',
    details: '{code} adalah kode {name} Anda untuk {details}',
    lifetime: 'Berlaku {minutes} menit',
    secrecy: 'Jangan bagikan kepada siapa pun',
  },
  ms: {
    english: 'Malay',
    code: '{code} ialah kod {name} anda',
    details: '{code} ialah kod {name} anda untuk {details}',
    lifetime: 'Sah selama {minutes} minit',
    secrecy: 'Jangan kongsi dengan sesiapa',
  },
  fil: {
    english: 'Filipino',
    code: '{code} ang iyong {name} code',
    details: '{code} ang iyong {name} code para sa {details}',
    lifetime: 'Valid ito nang {minutes} minuto',
    secrecy: 'Huwag itong ibahagi kahit kanino',
  },
  sw: {
    english: 'Swahili',
    code: '{code} ni msimbo wako wa {name}',
    lifetime: 'Utaisha baada ya dakika {minutes}',
    secrecy: 'Usimpe mtu yeyote',
  },
  af: {
    english: 'Afrikaans',
    code: '{code} is jou kode vir {name}',
    details: '{code} is jou kode by {name} vir {details}',
    lifetime: { one: 'Dit verval oor 1 minuut', other: 'Dit verval oor {minutes} minute' },
    secrecy: 'Moet dit met niemand deel nie',
  },
};
