import type { Languages } from '../language.js';

/** A space after the code: phones look for it between spaces. */
export const eastAsia: Languages = {
  zh: {
    english: 'Chinese (simplified)',
    code: '{code} 是您的{name}验证码',
    details: '{code} 是您的{name}验证码（{details}）',
    lifetime: '{minutes}分钟内有效',
    secrecy: '请勿告知他人',
    join: '，',
    end: '。',
  },
  'zh-Hant': {
    english: 'Chinese (traditional)',
    code: '{code} 是您的{name}驗證碼',
    details: '{code} 是您的{name}驗證碼（{details}）',
    lifetime: '{minutes}分鐘內有效',
    secrecy: '請勿告知他人',
    join: '，',
    end: '。',
  },
  ja: {
    english: 'Japanese',
    code: '{code} は{name}の認証コードです',
    brief: '{code} は{name}のコードです',
    details: '{code} は{name}の認証コードです（{details}）',
    lifetime: '有効期限は{minutes}分です',
    secrecy: '他人に教えないでください',
    join: '。',
    end: '。',
  },
  ko: {
    english: 'Korean',
    code: '{code}, {name} 인증번호입니다',
    brief: '{code}, {name} 인증번호',
    details: '{code}, {name} 인증번호입니다({details})',
    lifetime: '{minutes}분간 유효합니다',
    secrecy: '타인에게 알려주지 마세요',
  },
};
