/** Words of chats and of computers that are younger than BERT's vocabulary, or too casual for it. */
export const MODERN_WORDS = [
  ...new Set(
    `
aka app apps asap awesome aww backend backup bestie bff blog blogger blogging blogs bluetooth bookmark
brb brunch btw burnout callback carpool cashback chatbot chatgpt checkbox checklist codebase comfy
commit config congrats cooldown cosplay coworker coworkers coworking crossfit crowdfunding crypto
cryptocurrency css csv cutoff cybersecurity dashboard database deadline debug debugger debugging dev
devops diy dms docker download downloads downtime dropdown ebook ebooks ecommerce email emails emoji
emojis endpoint esports faq fave favs firefox firewall firmware fitbit fomo fridge frontend fullstack
fyi gaming gif gifs github gitlab gluten gmail goodnight gpt gps gpu gpus grandkids granola guac
hackathon haha hashtag hashtags homepage homeschool hoodie hoodies hotfix hotspot html http https
hummus imho imo inbox influencer instagram ios ipad iphone javascript json keto kinda kombucha
kubernetes laptop laptops latte layover lgbt lgbtq linkedin linux livestream llm lmao localhost login
logins logout lol macbook matcha meetup meetups meme memes metadata mindfulness mixtape mms mocha mp3
mri netflix nonbinary npm nvm offline omg onboarding online openai outage outfit pandemic paperwork
passcode password passwords paypal pdf pdfs phd photoshoot photoshop playdate playlist playlists plugin
plugins podcast podcasts postgres postgresql preorder prep presale preschool procrastinate pronouns pto
python quarantine quinoa reddit refactor refactoring refund reminder reminders repo repos roadmap
roommate roommates router rsvp saas screenshot screenshots scrum sdk selfie selfies seo sketchpad
skincare skype smartphone smartphones smartwatch smoothie smoothies snapchat snowboarding sorta
spreadsheet spreadsheets sql sqlite ssd ssh startup startups stoked streaming stressful stylesheet
subreddit sunscreen superhero sushi tablet takeaway takeout tbd tbh telehealth tiktok timeline
timestamp timezone todo tofu toolkit touchscreen tutorial tutorials tweet tweets twitter typescript
uber ubuntu unboxing unfollow unsubscribe upcycle upload uploads url urls usb username usernames vacay
vegan vegans venmo vibe vibes vlog vlogger voicemail volunteering vpn wanna wasm webcam webinar
webinars website websites wellbeing whatsapp whiteboard widget widgets wifi wikipedia woah woohoo
workaround workflow workout workouts www xbox yaml yay yep yoga youtube yum yummy yup zucchini
`
      .trim()
      .split(/\s+/),
  ),
];

/** Emoji, and what they say: BERT has none. */
export const EMOJI = `
😀 grinning, happy|😃 happy, joy|😄 happy, laughing|😁 beaming, happy|😆 laughing|😅 nervous laughter, relief
🤣 rolling on the floor laughing|😂 tears of joy, laughing|🙂 smiling|😉 winking|😊 smiling, happy, thankful
😇 angel, innocent|🥰 in love, adore|😍 in love, heart eyes|🤩 star-struck, excited|😘 kiss|😋 yummy, delicious
😜 crazy, joking|🤗 hug|🤭 giggle|🤔 thinking, wondering|😐 neutral|😏 smirk|🙄 rolling eyes, annoyed|😬 awkward
😌 relieved, calm|😔 sad, pensive|😴 sleeping, tired|😷 sick, mask|🤒 fever, ill|🤢 nausea, disgusting|🥵 hot
🥶 freezing, cold|🤯 mind blown, shocked|😎 cool, sunglasses|🤓 nerd|😕 confused|😟 worried|😮 surprised|😳 embarrassed
🥺 pleading, please|😢 crying, sad|😭 sobbing, very sad|😱 screaming, fear|😞 disappointed|😓 stress, sweat
😩 exhausted|😡 angry, furious|😠 angry|🤬 swearing|💀 death, skull|💩 poop|👻 ghost, halloween|🤖 robot
❤ love, heart|🧡 love, heart|💛 love, heart|💚 love, heart|💙 love, heart|💜 love, heart|🖤 black heart|💔 broken heart
💕 love, hearts|💯 perfect, hundred percent|💥 explosion|💤 sleep|👋 hello, waving|👌 ok, fine|✌ peace, victory
🤞 fingers crossed, good luck|👍 thumbs up, yes, agree|👎 thumbs down, no, disagree|✊ fist, solidarity|👏 applause
🙌 celebration, hooray|🙏 thanks, please, prayer|💪 strong, muscle, workout|👀 looking, eyes|🧠 brain|👶 baby
👩 woman|👨 man|👪 family|💃 dancing|🏃 running|🐶 dog|🐱 cat|🐭 mouse|🐰 rabbit|🦊 fox|🐻 bear|🐼 panda|🐦 bird|🐟 fish
🐍 snake|🐴 horse|🐝 bee|🦋 butterfly|🌸 blossom, spring|🌹 rose|🌻 sunflower|🌲 tree, forest|🍀 clover, luck|🍎 apple
🍌 banana|🍓 strawberry|🍕 pizza|🍔 burger|🍟 fries|🍣 sushi|🍜 noodles, soup|🍞 bread|🧀 cheese|🥗 salad|🍰 cake
🎂 birthday cake|🍫 chocolate|🍪 cookie|🍦 ice cream|☕ coffee|🍵 tea|🍺 beer|🍷 wine|🥂 cheers, toast|🌍 world, earth
🏠 home, house|🏥 hospital|🏫 school|🏖 beach, vacation|⛰ mountain|🏕 camping|🚗 car|🚲 bicycle|🚆 train|✈ airplane, flight
🚀 rocket, launch|⏰ alarm clock, time|☀ sun, sunny|🌧 rain|❄ snow, cold|⚡ lightning, electricity|🔥 fire, hot, great
🌈 rainbow, pride|🌊 wave, sea|🎄 christmas|🎁 gift, present|🎉 party, celebration|🎈 balloon, party|🏆 trophy, winner
⚽ soccer|🏀 basketball|🎾 tennis|🎮 video game|🎲 dice, game|🎨 painting, art|🎵 music|🎸 guitar|🎹 piano|🎬 movie
📷 camera, photo|📱 phone|💻 computer, laptop|📞 telephone call|💡 idea|📚 books|✏ pencil, writing|📅 calendar, date
📈 growth, chart|💰 money|💸 spending money|📧 email|📦 package, delivery|🔒 locked, security|🔑 key, password
🔧 repair, tool|🐛 bug|💊 medicine, pill|🩺 doctor|⚠ warning|❌ no, wrong|✅ done, check|❓ question|❗ attention
`
  .trim()
  .split(/[|\n]/)
  .map((entry) => {
    const [character = '', ...meaning] = entry.split(' ');
    return { character, meaning: meaning.join(' ') };
  });
