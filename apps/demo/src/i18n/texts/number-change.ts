import { defineTexts } from '../define-texts.js';

export const numberChange = defineTexts({
  en: {
    'numberChange.title': 'Change your number',
    'numberChange.lead':
      'We first send a code to {phone}, the number that you have now. Then one to the new number. The old one is told of the change.',
    'numberChange.start': 'Send the first code',
    'numberChange.lost':
      'You no longer have the old number? A bank would check who you are in another way; this demo cannot.',
    'numberChange.new.title': 'Your new number',
    'numberChange.new.phone': 'New mobile number',
    'numberChange.new.hint': 'From now on your codes go to it, and you sign in with it.',
    'numberChange.new.submit': 'Send a code to it',
    'numberChange.taken': 'This number cannot be used. Use another one.',
    'numberChange.message': 'Tern Bank: the number of your account was changed. If this was not you, call us at once.',
  },
  nl: {
    'numberChange.title': 'Uw nummer wijzigen',
    'numberChange.lead':
      'We sturen eerst een code naar {phone}, het nummer dat u nu hebt. Daarna een naar het nieuwe nummer. Het oude nummer krijgt bericht van de wijziging.',
    'numberChange.start': 'Eerste code sturen',
    'numberChange.lost':
      'Hebt u het oude nummer niet meer? Een bank zou op een andere manier nagaan wie u bent; deze demo kan dat niet.',
    'numberChange.new.title': 'Uw nieuwe nummer',
    'numberChange.new.phone': 'Nieuw mobiel nummer',
    'numberChange.new.hint': 'Vanaf nu gaan uw codes hierheen en logt u hiermee in.',
    'numberChange.new.submit': 'Code naar dit nummer sturen',
    'numberChange.taken': 'Dit nummer kan niet worden gebruikt. Gebruik een ander nummer.',
    'numberChange.message':
      'Tern Bank: het mobiele nummer bij uw rekening is gewijzigd. Was u dit niet? Bel ons meteen.',
  },
  fr: {
    'numberChange.title': 'Modifier votre numéro',
    'numberChange.lead':
      'Nous envoyons d’abord un code au {phone}, le numéro que vous avez maintenant. Puis un autre au nouveau numéro. L’ancien est prévenu du changement.',
    'numberChange.start': 'Envoyer le premier code',
    'numberChange.lost':
      'Vous n’avez plus l’ancien numéro\u202f? Une banque vérifierait autrement qui vous êtes\u202f; cette démo ne le peut pas.',
    'numberChange.new.title': 'Votre nouveau numéro',
    'numberChange.new.phone': 'Nouveau numéro de mobile',
    'numberChange.new.hint': 'Désormais, vos codes y sont envoyés et vous vous connectez avec lui.',
    'numberChange.new.submit': 'Envoyer un code à ce numéro',
    'numberChange.taken': 'Ce numéro ne peut pas être utilisé. Utilisez-en un autre.',
    'numberChange.message':
      'Tern Bank: le numéro de mobile de votre compte a été modifié. Si ce changement ne vient pas de vous, appelez-nous tout de suite.',
  },
  de: {
    'numberChange.title': 'Ihre Nummer ändern',
    'numberChange.lead':
      'Wir senden zuerst einen Code an {phone}, Ihre jetzige Nummer. Dann einen an die neue Nummer. Die alte wird über die Änderung informiert.',
    'numberChange.start': 'Ersten Code senden',
    'numberChange.lost':
      'Sie haben die alte Nummer nicht mehr? Eine Bank würde auf anderem Weg prüfen, wer Sie sind; diese Demo kann das nicht.',
    'numberChange.new.title': 'Ihre neue Nummer',
    'numberChange.new.phone': 'Neue Mobilnummer',
    'numberChange.new.hint': 'Ab jetzt gehen Ihre Codes dorthin, und Sie melden sich damit an.',
    'numberChange.new.submit': 'Code an diese Nummer senden',
    'numberChange.taken': 'Diese Nummer kann nicht verwendet werden. Nehmen Sie eine andere.',
    'numberChange.message':
      'Tern Bank: Die Mobilnummer Ihres Kontos wurde geändert. Waren Sie das nicht, rufen Sie uns sofort an.',
  },
  es: {
    'numberChange.title': 'Cambiar su número',
    'numberChange.lead':
      'Primero enviamos un código al {phone}, el número que tiene ahora. Después, otro al número nuevo. Al anterior se le avisa del cambio.',
    'numberChange.start': 'Enviar el primer código',
    'numberChange.lost':
      '¿Ya no tiene el número anterior? Un banco comprobaría quién es usted de otra manera; esta demo no puede.',
    'numberChange.new.title': 'Su número nuevo',
    'numberChange.new.phone': 'Nuevo número de móvil',
    'numberChange.new.hint': 'A partir de ahora sus códigos se envían a él, y con él inicia sesión.',
    'numberChange.new.submit': 'Enviar un código a este número',
    'numberChange.taken': 'Este número no se puede usar. Use otro.',
    'numberChange.message':
      'Tern Bank: ha cambiado el teléfono de su cuenta. Si no ha sido usted, llame de inmediato al banco.',
  },
  ar: {
    'numberChange.title': 'تغيير رقمك',
    'numberChange.lead':
      'نرسل أولًا رمزًا إلى \u2068{phone}\u2069، رقمك الحالي، ثم رمزًا إلى الرقم الجديد. ونُبلغ الرقم القديم بالتغيير.',
    'numberChange.start': 'إرسال الرمز الأول',
    'numberChange.lost':
      'لم يعد الرقم القديم لديك؟ كان البنك سيتحقق من هويتك بطريقة أخرى؛ أما هذا العرض التجريبي فلا يستطيع ذلك.',
    'numberChange.new.title': 'رقمك الجديد',
    'numberChange.new.phone': 'رقم الهاتف المحمول الجديد',
    'numberChange.new.hint': 'من الآن فصاعدًا تُرسل رموزك إليه، وبه تسجّل الدخول.',
    'numberChange.new.submit': 'إرسال رمز إليه',
    'numberChange.taken': 'لا يمكن استخدام هذا الرقم. استخدم رقمًا آخر.',
    'numberChange.message': 'Tern Bank: تغيّر رقم هاتف حسابك. إن لم تغيّره أنت فاتصل بنا فورًا.',
  },
});
