import { defineTexts } from '../define-texts.js';

export const attack = defineTexts({
  en: {
    'attack.title': 'Attack it',
    'attack.lead':
      'Each attack runs against this very demo: its limits, its store, its hashing. Beside it, the same requests meet plain counters: five messages an hour to a number, twenty from an address, five attempts for a code.',
    'attack.safe':
      'The addresses and numbers are simulated, and no message leaves this computer. Every run uses others, and limits remember.',
    'attack.launch': 'Launch',
    'attack.stop': 'Stop',
    'attack.refresh': 'Show how it stands',
    'attack.none': 'Not launched yet.',
    'attack.idle': 'No attack is running.',
    'attack.running': 'Running: {name}',
    'attack.busy': 'Another attack is running. Wait until it has ended, or stop it.',
    'attack.progress': '{steps, number} of {planned, number} steps',
    'attack.stopped': 'Stopped after {steps, number} of {planned, number} steps',
    'attack.done': 'Ended after {requests, plural, one {# request} other {# requests}}',
    'attack.module': 'With the module',
    'attack.plain': 'With plain counters',
    'attack.messages': '{count, plural, one {message sent} other {messages sent}}',
    'attack.codes': '{count, plural, one {code compared} other {codes compared}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'Never refused',
    'attack.after':
      '{count, plural, =0 {First refusal before any message} one {First refusal after # message} other {First refusal after # messages}}',
    'attack.victim.signed_in': 'The owner still signs in',
    'attack.victim.refused': 'The owner is locked out',
    'attack.chart':
      '{module, number} with the module and {plain, number} with plain counters, after {steps, number} steps',
    'attack.refused': 'What refused',
    'attack.times': 'Times',
    'attack.nothing': 'Nothing was refused.',
    'attack.daily':
      'However long it goes on: {module, number} a day at most with the module, {plain, number} with plain counters.',
    'attack.daily.unbounded':
      'However long it goes on: {module, number} a day at most with the module, no end with plain counters.',
    'attack.pump_countries.name': 'One address, 20 countries',
    'attack.pump_countries.about':
      'Messages to expensive numbers all over the world, whose owner is paid for each. An address has three countries a day that nobody answers from.',
    'attack.pump_prefix.name': 'Many addresses, one prefix',
    'attack.pump_prefix.about':
      'Rented numbers in a row, each message from another address. Ten unanswered messages an hour stop the prefix, whoever asks.',
    'attack.pump_country.name': 'Many addresses, one country',
    'attack.pump_country.about':
      'Every message to another prefix from another address. What nobody answers in one country is counted together.',
    'attack.bomb_number.name': '200 addresses, one victim',
    'attack.bomb_number.about':
      'Messages without end to one person, for every purpose there is. A number has its own pause and its own limits.',
    'attack.guess_number.name': 'Guessing one number’s code',
    'attack.guess_number.about':
      'Wrong codes, resends, new requests and new addresses. They all use up the same attempts.',
    'attack.guess_numbers.name': 'One guess for each of many',
    'attack.guess_numbers.about':
      'The same code for one number after the other, from one address: somebody will have it. The prefix stops it.',
    'attack.rotate_ipv6.name': 'A new IPv6 address each time',
    'attack.rotate_ipv6.about':
      'First within one /64, then over its /56 and its /48. One subscriber gets them all for nothing, so they are counted together.',
    'attack.lock_out.name': 'Locking somebody out',
    'attack.lock_out.about':
      'Strangers use up what anybody may ask for a number. The browser that its owner had remembered has budgets of its own.',
  },
  nl: {
    'attack.title': 'Aanvallen',
    'attack.lead':
      'Elke aanval loopt tegen deze demo zelf: zijn limieten, zijn opslag, zijn hashing. Daarnaast treffen dezelfde verzoeken gewone tellers: vijf berichten per uur naar een nummer, twintig vanaf een adres, vijf pogingen voor een code.',
    'attack.safe':
      'De adressen en nummers zijn gesimuleerd en geen bericht verlaat deze computer. Elke keer zijn het andere, want limieten onthouden.',
    'attack.launch': 'Starten',
    'attack.stop': 'Stoppen',
    'attack.refresh': 'Toon de stand',
    'attack.none': 'Nog niet gestart.',
    'attack.idle': 'Er loopt geen aanval.',
    'attack.running': 'Bezig: {name}',
    'attack.busy': 'Er loopt al een aanval. Wacht tot die klaar is, of stop hem.',
    'attack.progress': '{steps, number} van {planned, number} stappen',
    'attack.stopped': 'Gestopt na {steps, number} van {planned, number} stappen',
    'attack.done': 'Klaar na {requests, plural, one {# verzoek} other {# verzoeken}}',
    'attack.module': 'Met de module',
    'attack.plain': 'Met gewone tellers',
    'attack.messages': '{count, plural, one {bericht verzonden} other {berichten verzonden}}',
    'attack.codes': '{count, plural, one {code vergeleken} other {codes vergeleken}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'Nooit geweigerd',
    'attack.after':
      '{count, plural, =0 {Eerste weigering vóór het eerste bericht} one {Eerste weigering na # bericht} other {Eerste weigering na # berichten}}',
    'attack.victim.signed_in': 'De eigenaar logt nog steeds in',
    'attack.victim.refused': 'De eigenaar is buitengesloten',
    'attack.chart': '{module, number} met de module en {plain, number} met gewone tellers, na {steps, number} stappen',
    'attack.refused': 'Wat weigerde',
    'attack.times': 'Aantal',
    'attack.nothing': 'Er is niets geweigerd.',
    'attack.daily':
      'Hoe lang het ook duurt: hoogstens {module, number} per dag met de module, {plain, number} met gewone tellers.',
    'attack.daily.unbounded':
      'Hoe lang het ook duurt: hoogstens {module, number} per dag met de module, eindeloos met gewone tellers.',
    'attack.pump_countries.name': 'Eén adres, 20 landen',
    'attack.pump_countries.about':
      'Berichten naar dure nummers over de hele wereld, waarvan de eigenaar per bericht betaald wordt. Een adres heeft per dag drie landen waar niemand antwoordt.',
    'attack.pump_prefix.name': 'Veel adressen, één nummerblok',
    'attack.pump_prefix.about':
      'Gehuurde nummers op een rij, elk bericht vanaf een ander adres. Tien onbeantwoorde berichten per uur stoppen het blok, wie er ook vraagt.',
    'attack.pump_country.name': 'Veel adressen, één land',
    'attack.pump_country.about':
      'Elk bericht naar een ander nummerblok vanaf een ander adres. Wat in één land niemand beantwoordt, telt samen.',
    'attack.bomb_number.name': '200 adressen, één slachtoffer',
    'attack.bomb_number.about':
      'Eindeloos berichten naar één persoon, voor elk doel dat er is. Een nummer heeft een eigen pauze en eigen limieten.',
    'attack.guess_number.name': 'De code van één nummer raden',
    'attack.guess_number.about':
      'Foute codes, nieuwe codes, nieuwe verzoeken en nieuwe adressen. Ze verbruiken allemaal dezelfde pogingen.',
    'attack.guess_numbers.name': 'Eén gok bij veel nummers',
    'attack.guess_numbers.about':
      'Dezelfde code bij het ene nummer na het andere, vanaf één adres: iemand zal hem hebben. Het nummerblok stopt het.',
    'attack.rotate_ipv6.name': 'Telkens een nieuw IPv6-adres',
    'attack.rotate_ipv6.about':
      'Eerst binnen één /64, dan over het /56 en het /48 eromheen. Eén abonnee krijgt ze allemaal voor niets, dus tellen ze samen.',
    'attack.lock_out.name': 'Iemand buitensluiten',
    'attack.lock_out.about':
      'Onbekenden verbruiken wat iedereen voor een nummer mag vragen. De browser die de eigenaar liet onthouden, heeft een eigen budget.',
  },
  fr: {
    'attack.title': 'Attaquer',
    'attack.lead':
      'Chaque attaque vise cette démo même\u202f: ses limites, son stockage, son hachage. À côté, les mêmes requêtes rencontrent de simples compteurs\u202f: cinq messages par heure vers un numéro, vingt depuis une adresse, cinq essais par code.',
    'attack.safe':
      'Les adresses et les numéros sont simulés, et aucun message ne quitte cet ordinateur. Chaque attaque en utilise d’autres, car les limites ont de la mémoire.',
    'attack.launch': 'Lancer',
    'attack.stop': 'Arrêter',
    'attack.refresh': 'Voir où elle en est',
    'attack.none': 'Pas encore lancée.',
    'attack.idle': 'Aucune attaque en cours.',
    'attack.running': 'En cours\u202f: {name}',
    'attack.busy': 'Une autre attaque est en cours. Attendez la fin ou arrêtez-la.',
    'attack.progress': '{steps, number} étapes sur {planned, number}',
    'attack.stopped': 'Arrêtée après {steps, number} étapes sur {planned, number}',
    'attack.done': 'Terminée après {requests, plural, one {# requête} many {# de requêtes} other {# requêtes}}',
    'attack.module': 'Avec le module',
    'attack.plain': 'Avec de simples compteurs',
    'attack.messages': '{count, plural, one {message envoyé} many {de messages envoyés} other {messages envoyés}}',
    'attack.codes': '{count, plural, one {code comparé} many {de codes comparés} other {codes comparés}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'Jamais refusée',
    'attack.after':
      '{count, plural, =0 {Premier refus avant tout message} one {Premier refus après # message} many {Premier refus après # de messages} other {Premier refus après # messages}}',
    'attack.victim.signed_in': 'Le titulaire se connecte toujours',
    'attack.victim.refused': 'Le titulaire est bloqué',
    'attack.chart':
      '{module, number} avec le module et {plain, number} avec de simples compteurs, après {steps, number} étapes',
    'attack.refused': 'Ce qui a refusé',
    'attack.times': 'Fois',
    'attack.nothing': 'Rien n’a été refusé.',
    'attack.daily':
      'Aussi longtemps que cela dure\u202f: {module, number} par jour au plus avec le module, {plain, number} avec de simples compteurs.',
    'attack.daily.unbounded':
      'Aussi longtemps que cela dure\u202f: {module, number} par jour au plus avec le module, sans fin avec de simples compteurs.',
    'attack.pump_countries.name': 'Une adresse, 20 pays',
    'attack.pump_countries.about':
      'Des messages vers des numéros chers du monde entier, dont le titulaire est payé pour chacun. Une adresse a trois pays sans réponse par jour.',
    'attack.pump_prefix.name': 'Beaucoup d’adresses, un préfixe',
    'attack.pump_prefix.about':
      'Des numéros loués qui se suivent, chaque message depuis une autre adresse. Dix messages sans réponse par heure arrêtent le préfixe, quel que soit le demandeur.',
    'attack.pump_country.name': 'Beaucoup d’adresses, un pays',
    'attack.pump_country.about':
      'Chaque message vers un autre préfixe depuis une autre adresse. Ce qui reste sans réponse dans un pays est compté ensemble.',
    'attack.bomb_number.name': '200 adresses, une victime',
    'attack.bomb_number.about':
      'Des messages sans fin vers une personne, pour tous les usages possibles. Un numéro a sa propre pause et ses propres limites.',
    'attack.guess_number.name': 'Deviner le code d’un numéro',
    'attack.guess_number.about':
      'Codes faux, renvois, nouvelles demandes et nouvelles adresses. Tous consomment les mêmes essais.',
    'attack.guess_numbers.name': 'Un essai sur beaucoup de numéros',
    'attack.guess_numbers.about':
      'Le même code pour un numéro après l’autre, depuis une adresse\u202f: quelqu’un l’aura. Le préfixe l’arrête.',
    'attack.rotate_ipv6.name': 'Chaque fois une autre adresse IPv6',
    'attack.rotate_ipv6.about':
      'D’abord dans un /64, puis dans son /56 et son /48. Un abonné les reçoit toutes pour rien, elles sont donc comptées ensemble.',
    'attack.lock_out.name': 'Bloquer quelqu’un',
    'attack.lock_out.about':
      'Des inconnus épuisent ce que chacun peut demander pour un numéro. Le navigateur que le titulaire a fait mémoriser a ses propres budgets.',
  },
  de: {
    'attack.title': 'Angreifen',
    'attack.lead':
      'Jeder Angriff läuft gegen diese Demo selbst: ihre Limits, ihren Speicher, ihr Hashing. Daneben treffen dieselben Anfragen auf einfache Zähler: fünf Nachrichten je Stunde an eine Nummer, zwanzig von einer Adresse, fünf Versuche je Code.',
    'attack.safe':
      'Adressen und Nummern sind simuliert, und keine Nachricht verlässt diesen Rechner. Jedes Mal sind es andere, denn Limits merken sich alles.',
    'attack.launch': 'Starten',
    'attack.stop': 'Anhalten',
    'attack.refresh': 'Stand anzeigen',
    'attack.none': 'Noch nicht gestartet.',
    'attack.idle': 'Kein Angriff läuft.',
    'attack.running': 'Läuft: {name}',
    'attack.busy': 'Ein anderer Angriff läuft. Warten Sie, bis er zu Ende ist, oder halten Sie ihn an.',
    'attack.progress': '{steps, number} von {planned, number} Schritten',
    'attack.stopped': 'Angehalten nach {steps, number} von {planned, number} Schritten',
    'attack.done': 'Zu Ende nach {requests, plural, one {# Anfrage} other {# Anfragen}}',
    'attack.module': 'Mit dem Modul',
    'attack.plain': 'Mit einfachen Zählern',
    'attack.messages': '{count, plural, one {Nachricht gesendet} other {Nachrichten gesendet}}',
    'attack.codes': '{count, plural, one {Code verglichen} other {Codes verglichen}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'Nie abgelehnt',
    'attack.after':
      '{count, plural, =0 {Erste Ablehnung vor jeder Nachricht} one {Erste Ablehnung nach # Nachricht} other {Erste Ablehnung nach # Nachrichten}}',
    'attack.victim.signed_in': 'Der Inhaber meldet sich weiter an',
    'attack.victim.refused': 'Der Inhaber ist ausgesperrt',
    'attack.chart':
      '{module, number} mit dem Modul und {plain, number} mit einfachen Zählern, nach {steps, number} Schritten',
    'attack.refused': 'Was abgelehnt hat',
    'attack.times': 'Anzahl',
    'attack.nothing': 'Nichts wurde abgelehnt.',
    'attack.daily':
      'Wie lange es auch dauert: höchstens {module, number} am Tag mit dem Modul, {plain, number} mit einfachen Zählern.',
    'attack.daily.unbounded':
      'Wie lange es auch dauert: höchstens {module, number} am Tag mit dem Modul, ohne Ende mit einfachen Zählern.',
    'attack.pump_countries.name': 'Eine Adresse, 20 Länder',
    'attack.pump_countries.about':
      'Nachrichten an teure Nummern in aller Welt, deren Inhaber für jede bezahlt wird. Eine Adresse hat am Tag drei Länder, aus denen niemand antwortet.',
    'attack.pump_prefix.name': 'Viele Adressen, ein Nummernblock',
    'attack.pump_prefix.about':
      'Gemietete Nummern in einer Reihe, jede Nachricht von einer anderen Adresse. Zehn unbeantwortete Nachrichten je Stunde stoppen den Block, wer auch fragt.',
    'attack.pump_country.name': 'Viele Adressen, ein Land',
    'attack.pump_country.about':
      'Jede Nachricht an einen anderen Nummernblock von einer anderen Adresse. Was in einem Land niemand beantwortet, zählt zusammen.',
    'attack.bomb_number.name': '200 Adressen, ein Opfer',
    'attack.bomb_number.about':
      'Nachrichten ohne Ende an eine Person, für jeden Zweck, den es gibt. Eine Nummer hat ihre eigene Pause und eigene Limits.',
    'attack.guess_number.name': 'Den Code einer Nummer raten',
    'attack.guess_number.about':
      'Falsche Codes, neue Codes, neue Anfragen und neue Adressen. Alle verbrauchen dieselben Versuche.',
    'attack.guess_numbers.name': 'Ein Versuch bei vielen Nummern',
    'attack.guess_numbers.about':
      'Derselbe Code bei einer Nummer nach der anderen, von einer Adresse: Jemand wird ihn haben. Der Nummernblock stoppt es.',
    'attack.rotate_ipv6.name': 'Jedes Mal eine neue IPv6-Adresse',
    'attack.rotate_ipv6.about':
      'Erst in einem /64, dann über sein /56 und sein /48. Ein Anschluss bekommt sie alle umsonst, also zählen sie zusammen.',
    'attack.lock_out.name': 'Jemanden aussperren',
    'attack.lock_out.about':
      'Fremde verbrauchen, was jeder für eine Nummer verlangen darf. Der Browser, den der Inhaber merken ließ, hat eigene Budgets.',
  },
  es: {
    'attack.title': 'Atacar',
    'attack.lead':
      'Cada ataque va contra esta misma demo: sus límites, su almacén, su cálculo de hashes. Al lado, las mismas peticiones encuentran contadores simples: cinco mensajes por hora a un número, veinte desde una dirección, cinco intentos por código.',
    'attack.safe':
      'Las direcciones y los números son simulados, y ningún mensaje sale de este ordenador. Cada vez son otros, porque los límites recuerdan.',
    'attack.launch': 'Lanzar',
    'attack.stop': 'Detener',
    'attack.refresh': 'Ver cómo va',
    'attack.none': 'Todavía no se ha lanzado.',
    'attack.idle': 'No hay ningún ataque en curso.',
    'attack.running': 'En curso: {name}',
    'attack.busy': 'Hay otro ataque en curso. Espere a que termine o deténgalo.',
    'attack.progress': '{steps, number} de {planned, number} pasos',
    'attack.stopped': 'Detenido tras {steps, number} de {planned, number} pasos',
    'attack.done': 'Terminado tras {requests, plural, one {# petición} many {# de peticiones} other {# peticiones}}',
    'attack.module': 'Con el módulo',
    'attack.plain': 'Con contadores simples',
    'attack.messages': '{count, plural, one {mensaje enviado} many {de mensajes enviados} other {mensajes enviados}}',
    'attack.codes': '{count, plural, one {código comparado} many {de códigos comparados} other {códigos comparados}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'Nunca rechazado',
    'attack.after':
      '{count, plural, =0 {Primer rechazo antes de cualquier mensaje} one {Primer rechazo tras # mensaje} many {Primer rechazo tras # de mensajes} other {Primer rechazo tras # mensajes}}',
    'attack.victim.signed_in': 'El titular sigue entrando',
    'attack.victim.refused': 'El titular queda fuera',
    'attack.chart':
      '{module, number} con el módulo y {plain, number} con contadores simples, tras {steps, number} pasos',
    'attack.refused': 'Qué ha rechazado',
    'attack.times': 'Veces',
    'attack.nothing': 'No se ha rechazado nada.',
    'attack.daily':
      'Por mucho que dure: {module, number} al día como máximo con el módulo, {plain, number} con contadores simples.',
    'attack.daily.unbounded':
      'Por mucho que dure: {module, number} al día como máximo con el módulo, sin fin con contadores simples.',
    'attack.pump_countries.name': 'Una dirección, 20 países',
    'attack.pump_countries.about':
      'Mensajes a números caros de todo el mundo, cuyo titular cobra por cada uno. Una dirección tiene tres países sin respuesta al día.',
    'attack.pump_prefix.name': 'Muchas direcciones, un prefijo',
    'attack.pump_prefix.about':
      'Números alquilados en fila, cada mensaje desde otra dirección. Diez mensajes sin respuesta por hora detienen el prefijo, pida quien pida.',
    'attack.pump_country.name': 'Muchas direcciones, un país',
    'attack.pump_country.about':
      'Cada mensaje a otro prefijo desde otra dirección. Lo que nadie contesta en un país se cuenta junto.',
    'attack.bomb_number.name': '200 direcciones, una víctima',
    'attack.bomb_number.about':
      'Mensajes sin fin a una persona, para todos los fines que hay. Un número tiene su propia pausa y sus propios límites.',
    'attack.guess_number.name': 'Adivinar el código de un número',
    'attack.guess_number.about':
      'Códigos erróneos, reenvíos, peticiones nuevas y direcciones nuevas. Todos gastan los mismos intentos.',
    'attack.guess_numbers.name': 'Un intento en muchos números',
    'attack.guess_numbers.about':
      'El mismo código en un número tras otro, desde una dirección: alguien lo tendrá. El prefijo lo detiene.',
    'attack.rotate_ipv6.name': 'Cada vez otra dirección IPv6',
    'attack.rotate_ipv6.about':
      'Primero dentro de un /64, luego por su /56 y su /48. Un abonado las recibe todas gratis, así que se cuentan juntas.',
    'attack.lock_out.name': 'Dejar fuera a alguien',
    'attack.lock_out.about':
      'Desconocidos gastan lo que cualquiera puede pedir para un número. El navegador que el titular hizo recordar tiene sus propios presupuestos.',
  },
  ar: {
    'attack.title': 'شنّ هجوم',
    'attack.lead':
      'يستهدف كل هجوم هذا العرض التجريبي نفسه: حدوده ومخزنه وتجزئته. وإلى جانبه تواجه الطلبات نفسها عدّادات بسيطة: خمس رسائل في الساعة إلى رقم، وعشرون من عنوان، وخمس محاولات لكل رمز.',
    'attack.safe':
      'العناوين والأرقام افتراضية، ولا تغادر أي رسالة هذا الحاسوب. وهي مختلفة في كل مرة، لأن الحدود تتذكر.',
    'attack.launch': 'ابدأ',
    'attack.stop': 'أوقف',
    'attack.refresh': 'اعرض الوضع الحالي',
    'attack.none': 'لم يُشنّ بعد.',
    'attack.idle': 'لا يوجد هجوم جارٍ.',
    'attack.running': 'جارٍ: \u2068{name}\u2069',
    'attack.busy': 'هناك هجوم آخر جارٍ. انتظر حتى ينتهي أو أوقفه.',
    'attack.progress': '{steps, number} من {planned, number} خطوة',
    'attack.stopped': 'توقف بعد {steps, number} من {planned, number} خطوة',
    'attack.done':
      'انتهى بعد {requests, plural, zero {# طلب} one {طلب واحد} two {طلبين} few {# طلبات} many {# طلبًا} other {# طلب}}',
    'attack.module': 'مع الوحدة',
    'attack.plain': 'بعدّادات بسيطة',
    'attack.messages':
      '{count, plural, zero {رسالة مُرسلة} one {رسالة مُرسلة} two {من الرسائل المُرسلة} few {رسائل مُرسلة} many {رسالة مُرسلة} other {رسالة مُرسلة}}',
    'attack.codes':
      '{count, plural, zero {رمز تمت مقارنته} one {رمز تمت مقارنته} two {من الرموز تمت مقارنتها} few {رموز تمت مقارنتها} many {رمزًا تمت مقارنته} other {رمز تمت مقارنته}}',
    'attack.cost': '{cost, number, ::currency/USD .00}',
    'attack.never': 'لم يُرفض قط',
    'attack.after':
      '{count, plural, =0 {أول رفض قبل أي رسالة} one {أول رفض بعد رسالة واحدة} two {أول رفض بعد رسالتين} few {أول رفض بعد # رسائل} many {أول رفض بعد # رسالة} other {أول رفض بعد # رسالة}}',
    'attack.victim.signed_in': 'ما زال صاحب الرقم يسجّل الدخول',
    'attack.victim.refused': 'مُنع صاحب الرقم من الدخول',
    'attack.chart': '{module, number} مع الوحدة و{plain, number} بعدّادات بسيطة، بعد {steps, number} خطوة',
    'attack.refused': 'ما الذي رفض',
    'attack.times': 'المرات',
    'attack.nothing': 'لم يُرفض شيء.',
    'attack.daily': 'مهما طال: {module, number} في اليوم على الأكثر مع الوحدة، و{plain, number} بعدّادات بسيطة.',
    'attack.daily.unbounded': 'مهما طال: {module, number} في اليوم على الأكثر مع الوحدة، وبلا نهاية بعدّادات بسيطة.',
    'attack.pump_countries.name': 'عنوان واحد و20 دولة',
    'attack.pump_countries.about':
      'رسائل إلى أرقام باهظة في أنحاء العالم يُدفع لصاحبها عن كل رسالة. للعنوان ثلاث دول في اليوم لا يجيب منها أحد.',
    'attack.pump_prefix.name': 'عناوين كثيرة وبادئة واحدة',
    'attack.pump_prefix.about':
      'أرقام مستأجرة متتالية، وكل رسالة من عنوان آخر. عشر رسائل بلا جواب في الساعة توقف البادئة أيًا كان الطالب.',
    'attack.pump_country.name': 'عناوين كثيرة ودولة واحدة',
    'attack.pump_country.about': 'كل رسالة إلى بادئة أخرى من عنوان آخر. ما لا يجيب عنه أحد في دولة واحدة يُحسب معًا.',
    'attack.bomb_number.name': '200 عنوان وضحية واحدة',
    'attack.bomb_number.about': 'رسائل بلا نهاية إلى شخص واحد، لكل غرض ممكن. للرقم مهلته الخاصة وحدوده الخاصة.',
    'attack.guess_number.name': 'تخمين رمز رقم واحد',
    'attack.guess_number.about': 'رموز خاطئة وإعادة إرسال وطلبات جديدة وعناوين جديدة. كلها تستهلك المحاولات نفسها.',
    'attack.guess_numbers.name': 'تخمين واحد لأرقام كثيرة',
    'attack.guess_numbers.about': 'الرمز نفسه لرقم بعد آخر من عنوان واحد: لا بد أن يكون لأحدهم. البادئة توقفه.',
    'attack.rotate_ipv6.name': 'عنوان IPv6 جديد كل مرة',
    'attack.rotate_ipv6.about':
      'داخل \u200e/64 واحد أولًا، ثم عبر \u200e/56 و\u200e/48 المحيطين به. يحصل مشترك واحد عليها كلها مجانًا، ولذلك تُحسب معًا.',
    'attack.lock_out.name': 'منع شخص من الدخول',
    'attack.lock_out.about':
      'يستهلك غرباء ما يحق لأي أحد طلبه لرقم ما. أما المتصفح الذي طلب صاحبه تذكّره فله ميزانياته الخاصة.',
  },
});
