import type { Sample } from './sample.ts';

export const karwendel: Sample = {
  sampleId: 'karwendel',
  title: 'Hüttentour im Karwendel',
  daysAgo: 9,
  hour: 21,
  messages: [
    {
      role: 'user',
      content:
        'Wir möchten im September drei Tage von Hütte zu Hütte durchs Karwendel gehen, zu zweit, Kondition gut, aber kein Klettersteig. Was schlägst du vor?',
    },
    {
      role: 'assistant',
      name: 'Tourenplaner',
      content:
        'Dann bietet sich die klassische Durchquerung von Scharnitz nach Pertisau an:\n\nTag 1: Scharnitz – Karwendelhaus, 18 km, 850 Höhenmeter\nTag 2: Karwendelhaus – Falkenhütte – Eng, 13 km, 600 Höhenmeter\nTag 3: Eng – Lamsenjochhütte – Pertisau, 15 km, 900 Höhenmeter\n\nAlles markierte Wanderwege, nur am Lamsenjoch braucht es auf wenigen Metern Trittsicherheit.',
    },
    {
      role: 'user',
      content:
        'Klingt gut. Können wir auf der Falkenhütte übernachten statt in der Eng? Die soll nach dem Umbau so schön sein.',
    },
    {
      role: 'assistant',
      name: 'Tourenplaner',
      content:
        'Ja. Dann wird der zweite Tag kurz, etwa vier Stunden, und der dritte lang. Wer früh ankommt, kann am Nachmittag noch auf das Mahnkopfl steigen: eine gute Stunde, und man schaut direkt in die Laliderer Wände.',
    },
    { role: 'user', content: 'Wie sieht es mit Schnee und den Öffnungszeiten aus?' },
    {
      role: 'assistant',
      name: 'Tourenplaner',
      content:
        'Die Hütten haben meist bis Anfang Oktober geöffnet. Früher Schnee ist ab Mitte September möglich, bleibt aber unter 2000 Metern selten liegen. Plätze für das Wochenende sollte man sechs Wochen vorher reservieren, unter der Woche reichen meist wenige Tage.',
    },
    {
      role: 'user',
      content:
        'Reserviert: Karwendelhaus am 15., Falkenhütte am 16. September, jeweils Zweierzimmer mit Halbpension. Hüttenschlafsack nicht vergessen, Bargeld auch.',
    },
    {
      role: 'assistant',
      name: 'Tourenplaner',
      content:
        'Sehr schön. Zurück geht es mit dem Bus von Pertisau nach Jenbach, von dort stündlich mit der Bahn. Packt eine Stirnlampe ein, die letzten Kilometer am dritten Tag ziehen sich.',
    },
  ],
};
