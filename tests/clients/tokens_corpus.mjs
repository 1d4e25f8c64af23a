// Texts that tokenizers disagree about: scripts, code, emoji, blanks, numbers, control characters, noise.
// The same on every run: chance has a seed.

const scripts = {
  latin: "The quick brown fox's café — naïve Ærøskøbing, Łódź, İstanbul'da; ĲSSELMEER, ŉ ﬁ ﬂ. Don't, WE'LL, i'd I'M they'Ve y'all's",
  cyrillic: "Съешь же ещё этих мягких французских булок, да выпей чаю. ЁЖИК и ОБЪЁМ; Ѳита, Ӏ, Љубав",
  greek: "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ΟΔΥΣΣΕΥΣ, οδυσσεύς, ᾳ ῼ ᾮ",
  arabic: "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر. ١٢٣٤٥ ٪ لا إِلٰه",
  hebrew: "דג סקרן שט בים מאוכזב ולפתע מצא חברה. שָׁלוֹם עֲלֵיכֶם",
  devanagari: "ऋषियों को सताने वाले दुष्ट राक्षसों का नाश। क्षत्रिय १२३ ज्ञ",
  thai: "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า ๑๒๓ กว่าบรรดาฝูงสัตว์",
  chinese: "天地玄黃，宇宙洪荒。我能吞下玻璃而不伤身体！一二三 𠮷野家 ２０２６年",
  japanese: "いろはにほへと ちりぬるを。カタカナ、ﾊﾝｶｸ、漢字かな交じり文ー々〆",
  korean: "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. ㄱㄴㄷ 한글",
  others: "ქართული Ձայն አማርኛ ᏣᎳᎩ தமிழ் తెలుగు ಕನ್ನಡ മലയാളം සිංහල ខ្មែរ བོད་ ᠮᠣᠩᠭᠣᠯ ລາວ မြန်မာ",
  math: "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢, ½ ² ₃ Ⅷ ⅷ ① x̄ ȳ",
};

const emoji = "😀👍🏽👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈🇳🇴❤️‍🔥 ☺️ ©® 1️⃣#️⃣ 🧑🏿‍🤝‍🧑🏻";

const code = [
  "#include <vector>\n\nint main(int argc, char** argv) {\n\treturn argc > 1 ? 0x1F : -1;  // ok\n}\n",
  "def f(x):\n    if x is None:\n        return []\n    return [i ** 2 for i in range(x)]\n\n\nclass HTTPServerError(Exception): pass\n",
  'const x = {"a": [1, 2.5e-10, null], b: `t${y}`};\r\n\r\nfetch("https://example.com/a/b?c=d&e=%20#f").then(r => r.json());\r\n',
  "SELECT * FROM t WHERE a >= 10 AND b LIKE '%x''y%' /* c */;\n--\n\n\n\tend",
  "<div class=\"x y\">\n  <p>&nbsp;&amp;</p>\n</div>\n",
  "---\na:\n  - b: \"c\"\n    d: |\n      e\n\n      f\n",
  "camelCase PascalCase snake_case SCREAMING_CASE kebab-case XMLHttpRequest iOS9Beta a1b2C3",
];

const blanks = [
  "", " ", "  ", "   a", "a   ", "\n", "\n\n\n", "a\n\n\nb", " \n \n ", "\t\t x", "\r\n\r\n  x", "a \t \n b", "x\u00a0\u00a0y", "\u2003\u2003z",
  "\u3000你\u3000", "a\u2028b\u2029", "\u0085x", "\u180ex", "a\u200b b", "\ufeffa", " ".repeat(300), "\n".repeat(300), " \n".repeat(100) + "x",
  "\t".repeat(90) + "y", " ".repeat(80) + "7", "/\n/\n//\r\n/", "}\n\n/x", "!\n/", " !\r\n",
];

const numbers = ["0", "12", "123", "1234", "12345678901234567890", "3.14159", "1,000,000.00", "-1e-9", "0xDEADBEEF", "2026-11-21T11:28:29Z",
  "١٢٣٤٥٦٧", "１２３４５", "²³¹", "ⅧⅨ", "a1", "1a", "12 345", "$1.00", "100%"];

const odd = ["\u0000\u0001\u0002\u001f\u007f", "a\u0000b", "\u0301a\u0301", "'", "''", "'s", "'S 'ſ 'T 'll 'LL 'lL", "it's IT'S it’s", "don't'", "x'y'z",
  "<|endoftext|>", "<|im_start|>user<|im_end|>", "<|fim_prefix|>", "ſ", "K'K", "İi̇", "ǅ ǈ ʰʱ", "\u{10ffff}", "\ufffd\ufffe", "e\u0301\u0302\u0303",
  "a".repeat(1000), "ab".repeat(700), "中".repeat(500), "😀".repeat(200), "=".repeat(333), "A".repeat(257) + "a".repeat(257), "_-".repeat(150)];

/** Mulberry32. */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Random bytes as a decoder repairs them, and random characters that Unicode 14 knows. */
function noise(count) {
  const random = chance(7);
  const below = (n) => Math.floor(random() * n);
  const known = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]$/u;
  const later = /^[\u{31350}-\u{323af}\u{2ebf0}-\u{2ee5d}\u{1e4d0}-\u{1e4f9}\u{11f00}-\u{11f59}]$/u;
  const texts = [];
  for (let i = 0; i < count; i++) {
    const bytes = Uint8Array.from({ length: below(200) }, () => below(256));
    texts.push(new TextDecoder().decode(bytes));
    let text = "";
    while (text.length < 60) {
      const character = String.fromCodePoint(below(random() < 0.7 ? 0x3000 : 0x20000));
      if (known.test(character) && !later.test(character)) text += character;
      if (random() < 0.2) text += " ";
    }
    texts.push(text);
    const bits = [...Object.values(scripts), emoji, ...code, ...blanks, ...numbers, ...odd.slice(0, 20)];
    let mixed = "";
    for (let n = below(8); n >= 0; n--) {
      const characters = [...bits[below(bits.length)]];
      const from = below(characters.length);
      mixed += characters.slice(from, from + below(12)).join("");
    }
    texts.push(mixed);
  }
  return texts;
}

export function corpus() {
  const whole = [...Object.values(scripts), emoji, ...code].join("\n\n");
  return [...Object.values(scripts), emoji, ...code, ...blanks, ...numbers, ...odd, whole, whole.repeat(20), ...noise(250)];
}
