import { describe, expect, it } from 'vitest';
import { chooseTemplate, type TemplateRequest, usedTemplates } from './choose-template.js';
import { LANGUAGES } from './languages.js';

const own = () => '';
const chosen = (request: TemplateRequest) => {
  const { kind, tag } = chooseTemplate(request);
  return `${kind} ${tag}`;
};

describe('chooseTemplate', () => {
  it.each([
    ['nl', 'nl'],
    ['NL', 'nl'],
    ['nl-BE', 'nl'],
    ['de-CH-1996', 'de'],
    ['en-u-ca-buddhist', 'en'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-Hans-SG', 'zh'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant', 'zh-Hant'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['yue-HK', 'zh-Hant'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['nb-NO', 'nb'],
    ['iw', 'he'],
    ['in-ID', 'id'],
    ['tl', 'fil'],
    ['sr', 'sr'],
    ['sr-Cyrl-RS', 'sr'],
    ['sr-Latn', 'sr-Latn'],
    ['sr-ME', 'sr-Latn'],
    ['sh', 'sr-Latn'],
    ['pt-BR', 'pt'],
    ['pt-PT', 'pt'],
    ['hi-IN', 'hi'],
    ['pa', 'pa'],
    ['pa-IN', 'pa'],
    ['pa-Guru-PK', 'pa'],
  ])('finds words for the locale %s: %s', (locale, tag) => {
    expect(chosen({ locale })).toBe(`shipped ${tag}`);
  });

  it.each([
    ['NL', 'nl'],
    ['TW', 'zh-Hant'],
    ['HK', 'zh-Hant'],
    ['CN', 'zh'],
    ['NO', 'nb'],
    ['RS', 'sr'],
    ['ME', 'sr-Latn'],
    ['SA', 'ar'],
    ['BD', 'bn'],
    ['ET', 'am'],
    ['TZ', 'sw'],
    ['US', 'en'],
    ['SN', 'fr'],
    ['PY', 'es'],
    ['RW', 'en'],
    ['001', 'en'],
    ['XX', 'en'],
    ['', 'en'],
    ['not a country', 'en'],
  ])('takes the language of the country %s where none is asked for: %s', (country, tag) => {
    expect(chosen({ country })).toBe(`shipped ${tag}`);
  });

  it.each(['GH', 'IN', 'KE', 'LK', 'NA', 'NG', 'PH', 'PK', 'SS', 'UG', 'ZA'])(
    'writes English to %s, where services do, unless something else is asked for or allowed',
    (country) => {
      expect(chosen({ country })).toBe('shipped en');
      expect(chosen({ country, languages: ['fr', 'en'] })).toBe('shipped en');
      expect(chosen({ country, templates: { [`en-${country}`]: own } })).toBe(`own en-${country}`);
      const local =
        {
          GH: 'fr',
          NG: 'fr',
          IN: 'hi',
          KE: 'sw',
          LK: 'si',
          NA: 'af',
          PH: 'fil',
          PK: 'ur',
          SS: 'ar',
          UG: 'sw',
          ZA: 'fr',
        }[country] ?? '';
      expect(chosen({ country, locale: local })).toBe(`shipped ${local}`);
      expect(chosen({ country, languages: ['fr', local] })).toBe(`shipped ${local}`);
    },
  );

  it.each([
    ['pa-PK', 'ur'],
    ['pa-Arab', 'ur'],
    ['kk-Arab', 'en'],
    ['kk-CN', 'en'],
    ['ky-Arab', 'en'],
    ['mn-Mong', 'en'],
    ['mn-CN', 'en'],
    ['az-Arab', 'fa'],
    ['az-IR', 'fa'],
    ['uz-AF', 'fa'],
    ['uz-Cyrl', 'en'],
    ['tg-Arab', 'fa'],
    ['hi-Latn', 'en'],
    ['ms-Arab', 'ms'],
    ['bs-Cyrl', 'sr'],
    ['ru-Latn', 'en'],
    ['ja-Latn', 'en'],
    ['zh-Latn', 'en'],
    ['en-Shaw', 'en'],
  ])('U3 never answers %s in a script that its readers cannot read: %s', (locale, tag) => {
    expect(chosen({ locale })).toBe(`shipped ${tag}`);
  });

  it('asks the country where nothing in the script asked for is known', () => {
    expect(chosen({ locale: 'kk-Arab', country: 'CN' })).toBe('shipped zh');
    expect(chosen({ locale: 'uz-Cyrl', country: 'UZ' })).toBe('shipped uz');
    expect(chosen({ locale: 'mn-Mong', templates: { 'mn-Mong': own } })).toBe('own mn-Mong');
    expect(chosen({ locale: 'mn-CN', templates: { 'mn-Mong': own } })).toBe('own mn-Mong');
    expect(chosen({ locale: 'mn-Mong', templates: { mn: own } })).toBe('shipped en');
  });

  it.each([
    ['gsw', 'de'],
    ['gsw-CH', 'de'],
    ['gsw-FR', 'fr'],
    ['lb', 'de'],
    ['lb-LU', 'de'],
    ['nds', 'de'],
    ['nds-NL', 'nl'],
    ['fy', 'nl'],
    ['fy-NL', 'nl'],
    ['co', 'fr'],
  ])('takes a language that readers of %s read as well, before that of the country: %s', (locale, tag) => {
    expect(chosen({ locale, country: 'IT' })).toBe(`shipped ${tag}`);
    expect(chosen({ locale, country: 'IT', templates: { [locale]: own } })).toBe(`own ${locale}`);
  });

  it('takes it from its own region where there are words of that', () => {
    const templates = { 'de-CH': own, 'zh-HK': own };
    expect(chosen({ locale: 'gsw', templates })).toBe('own de-CH');
    expect(chosen({ locale: 'de-CH', templates })).toBe('own de-CH');
    expect(chosen({ locale: 'lb', templates })).toBe('shipped de');
    for (const locale of ['zh-HK', 'zh-Hant-HK', 'yue-HK', 'yue']) {
      expect(chosen({ locale, templates })).toBe('own zh-HK');
    }
    expect(chosen({ country: 'HK', templates })).toBe('own zh-HK');
    expect(chosen({ country: 'TW', templates })).toBe('shipped zh-Hant');
    expect(chosen({ locale: 'de-CH-1996', templates: { ...templates, 'de-1996': own, 'de-CH-1996': own } })).toBe(
      'own de-CH-1996',
    );
    expect(chosen({ locale: 'zh-CN', templates: { 'zh-Hans': own } })).toBe('own zh-Hans');
    expect(chosen({ locale: 'zh', templates: { 'zh-Hans': own } })).toBe('own zh-Hans');
  });

  it.each([
    ['zh-TW', 'zh'],
    ['yue-Hant', 'zh'],
    ['sr-Latn', 'sr'],
    ['sr-ME', 'sr'],
  ])('takes the other script where readers of %s read it: %s', (locale, tag) => {
    expect(chosen({ locale, languages: ['en', tag] })).toBe(`shipped ${tag}`);
  });

  it('asks the request before the country, and the country before English', () => {
    expect(chosen({ locale: 'fr', country: 'NL' })).toBe('shipped fr');
    expect(chosen({ locale: 'tlh', country: 'NL' })).toBe('shipped nl');
    expect(chosen({ locale: 'tlh' })).toBe('shipped en');
    expect(chosen({})).toBe('shipped en');
  });

  it('stays within the languages that are allowed; the first is for everybody else', () => {
    const languages = ['fr', 'nl'];
    expect(chosen({ languages, locale: 'nl-BE' })).toBe('shipped nl');
    expect(chosen({ languages, locale: 'de' })).toBe('shipped fr');
    expect(chosen({ languages, locale: 'en', country: 'US' })).toBe('shipped fr');
    expect(chosen({ languages, locale: 'de', country: 'NL' })).toBe('shipped nl');
    expect(chosen({ languages: ['en', 'fr'], country: 'BE' })).toBe('shipped fr');
    expect(chosen({ languages: ['en', 'it'], country: 'CH' })).toBe('shipped it');
    expect(chosen({ languages: ['zh-TW'], locale: 'zh-CN' })).toBe('shipped zh-Hant');
    expect(chosen({ languages: ['pt-BR', 'en'], locale: 'pt' })).toBe('shipped pt');
  });

  it('takes the words of the application first, and only for their language', () => {
    const templates = { nl: own, 'pt-br': own, tlh: own, 'zh-tw': own };
    expect(chosen({ templates, locale: 'nl-BE' })).toBe('own nl');
    expect(chosen({ templates, country: 'NL' })).toBe('own nl');
    expect(chosen({ templates, locale: 'pt-BR' })).toBe('own pt-BR');
    expect(chosen({ templates, locale: 'pt' })).toBe('shipped pt');
    expect(chosen({ templates, country: 'BR' })).toBe('own pt-BR');
    expect(chosen({ templates, country: 'PT' })).toBe('shipped pt');
    expect(chosen({ templates, locale: 'tlh-Latn' })).toBe('own tlh');
    expect(chosen({ templates, locale: 'zh-TW' })).toBe('own zh-TW');
    expect(chosen({ templates, locale: 'zh-HK' })).toBe('shipped zh-Hant');
    expect(chosen({ templates, locale: 'en' })).toBe('shipped en');
    expect(chosen({ templates: { en: own } })).toBe('own en');
    expect(chosen({ templates, languages: ['tlh', 'nl'] })).toBe('own tlh');
  });

  it.each(['__proto__', 'constructor', 'toString', 'valueOf', '../en', 'e-n', ''])('J2 has words for %s', (locale) => {
    expect(chosen({ locale, country: locale, templates: {} })).toBe('shipped en');
  });
});

describe('usedTemplates', () => {
  const tags = (request: TemplateRequest) => usedTemplates(request).map(({ tag }) => tag);

  it('are all that may be used, each once', () => {
    expect(tags({})).toEqual([...LANGUAGES.keys()]);
    expect(tags({ templates: { nl: own, tlh: own } })).toEqual([...LANGUAGES.keys(), 'tlh']);
    expect(tags({ languages: ['nl', 'nl-BE', 'tlh'], templates: { tlh: own } })).toEqual(['nl', 'tlh']);
  });
});
