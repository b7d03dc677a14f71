// SPDX-License-Identifier: Apache-2.0
// Word lists of the demo place and the names made from them. Any likeness to real names is chance.
#include "demo/demo_words.h"

#include "base/strb.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

const struct demo_sector demo_sectors[] = {
    {"construction",
     "Building works",
     {"Builders", "Roofing", "Joinery", "Plastering", "Brickwork", "Groundworks"},
     "build, mend and look after houses and public buildings"},
    {"energy",
     "Heating and electrics",
     {"Electrical", "Heating", "Plumbing", "Lift Care", "Fire Doors", "Drainage"},
     "fit and mend heating, water and electrics, with our own staff"},
    {"cleaning",
     "Cleaning",
     {"Cleaning", "Window Cleaning", "Laundry", "Deep Clean", "Hygiene", "Linen"},
     "clean offices, schools and clinics early in the morning and late in the day"},
    {"food",
     "Catering and food",
     {"Catering", "Bakery", "Kitchens", "Fine Foods", "Greengrocers", "Dairy"},
     "cook and deliver food made from what grows near here"},
    {"facilities",
     "Grounds and trees",
     {"Landscapes", "Tree Care", "Fencing", "Gardens", "Turf", "Nurseries"},
     "look after gardens, trees, hedges and sports fields"},
    {"care",
     "Care and support",
     {"Home Care", "Supported Living", "Nursing Care", "Respite", "Day Care", "Carers"},
     "support people to live well in their own homes"},
    {"care",
     "Health services",
     {"Physio", "Dental", "Mobility", "Hearing", "Medical Supplies", "Occupational Health"},
     "help people to stay well, and supply what clinics and homes need"},
    {"digital",
     "Computers and software",
     {"Software", "Networks", "Data", "Web Studio", "Systems", "Device Repair"},
     "set up, mend and look after computers, networks and websites"},
    {"education",
     "Training and education",
     {"Training", "Tutors", "Skills", "Driving School", "First Aid", "Apprenticeships"},
     "teach people of all ages the skills that employers ask for"},
    {"transport",
     "Transport and vehicles",
     {"Coaches", "Couriers", "Haulage", "Taxis", "Vans", "Vehicle Repairs"},
     "move people and goods safely, with vehicles kept in our own yard"},
    {"media",
     "Printing and design",
     {"Print", "Signs", "Design", "Embroidery", "Photography", "Bookbinding"},
     "design and print signs, books, uniforms and posters"},
    {"facilities",
     "Security",
     {"Security", "Alarms", "Locksmiths", "Door Entry", "Cameras", "Event Stewards"},
     "keep buildings and events safe with trained, friendly staff"},
    {"legal",
     "Professional services",
     {"Accountants", "Surveyors", "Architects", "Legal", "Consulting", "Planning"},
     "give advice on money, law, land and buildings in plain words"},
    {"arts",
     "Arts and events",
     {"Events", "Theatre", "Music", "Film", "Festivals", "Exhibitions"},
     "plan events and make art with people who live here"},
    {"cleaning",
     "Waste and recycling",
     {"Recycling", "Skip Hire", "Waste", "Reuse", "Scrap Metals", "Composting"},
     "collect, sort and reuse what others throw away"},
    {"goods",
     "Furniture and supplies",
     {"Furniture", "Workwear", "Stationers", "Hardware", "Tool Hire", "Textiles"},
     "supply furniture, tools and everyday goods from our own store"},
};
const size_t demo_sector_count = COUNT(demo_sectors);

static const struct demo_purpose purposes[] = {
    {DEMO_CIC, "Bike Workshop", "transport", "mend bikes and teach others to mend theirs"},
    {DEMO_CIC, "Kitchen", "food", "cook for events and train people who want to work in kitchens"},
    {DEMO_CIC, "Makers", "goods", "make furniture from old wood with people who are out of work"},
    {DEMO_CIC, "Growers", "community", "grow food on unused land and look after it together"},
    {DEMO_CIC, "Youth Music", "arts", "run music rooms for young people"},
    {DEMO_CIC, "Wellbeing", "care", "lead walks, talks and groups that keep people well"},
    {DEMO_CIC, "Digital Drop In", "digital", "help people to get online and mend their devices"},
    {DEMO_CIC, "Repair Cafe", "energy", "mend what is broken so that it is not thrown away"},
    {DEMO_CIC, "Home Help", "care", "give help at home, owned by those who give it"},
    {DEMO_CHARITY, "Advice Centre", "advice", "give free advice on debts, homes and benefits"},
    {DEMO_CHARITY, "Age Friends", "care", "visit older people who live alone"},
    {DEMO_CHARITY, "Food Pantry", "food", "share good food that shops did not sell"},
    {DEMO_CHARITY, "Youth Project", "community", "keep a place open for young people each evening"},
    {DEMO_CHARITY, "Carers Centre", "care", "support people who look after somebody at home"},
    {DEMO_CHARITY, "Counselling", "care", "listen to people in hard times"},
    {DEMO_CHARITY, "Furniture Reuse", "goods", "pass on furniture to homes that need it"},
    {DEMO_CHARITY, "Community Transport", "transport", "drive people who cannot use a bus"},
    {DEMO_CIO, "Woodland Group", "energy", "plant and look after small woods"},
    {DEMO_CIO, "Theatre in the Round", "arts", "put on plays with everybody who wants to be in one"},
    {DEMO_CIO, "Refuge", "housing", "give a safe place to people who had to leave home"},
    {DEMO_FAITH, "Methodist Church", "community", "open our hall and kitchen to the neighbourhood"},
    {DEMO_FAITH, "Parish Church", "community", "run a warm room and a lunch club"},
    {DEMO_CLUB, "Amateur Rugby League Club", "sport", "coach boys and girls from five years up"},
    {DEMO_CLUB, "Cricket Club", "sport", "play cricket and let out our pavilion"},
    {DEMO_CLUB, "Athletics Club", "sport", "train runners of every age and speed"},
    {DEMO_BENEFIT, "Community Energy", "energy", "put solar panels on public roofs, owned by neighbours"},
    {DEMO_BENEFIT, "Community Shop", "goods", "run a shop that belongs to those who use it"},
    {DEMO_GROUP, "Residents Group", "community", "look after our streets and the green between them"},
    {DEMO_GROUP, "Community Choir", "arts", "sing at events, for everybody"},
};

static const char *const first_halves[] = {
    "Amber",  "Thimble", "Quill",   "Sorrel", "Tallow", "Pippin",  "Bramble", "Copper",
    "Teasel", "Linnet",  "Marl",    "Otter",  "Plover", "Rowan",   "Saffron", "Juniper",
    "Umber",  "Velvet",  "Whistle", "Yarrow", "Bobbin", "Cinder",  "Damson",  "Ember",
    "Flint",  "Gorse",   "Heron",   "Wicker", "Kelp",   "Kestrel", "Lantern", "Magpie",
};
static const char *const second_halves[] = {
    "gate", "beck", "wick",   "moor",  "croft",  "brook", "lade", "mere",
    "shaw", "holt", "thorpe", "stead", "bridge", "field", "fold", "ridge",
};
static const char *const adjectives[] = {
    "Blue", "Quiet",  "Seven",  "Long", "Silver", "Northern", "Early", "Open",  "Broad", "Clear",
    "High", "Twelve", "Bright", "Slow", "Tall",   "Round",    "Warm",  "Plain", "Good",  "Three",
};
static const char *const nouns[] = {
    "Kite",  "Harbour", "Lark",   "Anvil",   "Lamp",  "Thistle", "Wharf",  "Barrow",
    "Comet", "Ferry",   "Beacon", "Mitten",  "Acorn", "Shuttle", "Ladder", "Compass",
    "Drum",  "Pebble",  "Tower",  "Orchard", "Gull",  "Spindle", "Bell",   "Kettle",
};
static const char *const given_names[] = {
    "Ada",  "Bilal",  "Carys",  "Dorota", "Elwyn", "Farida", "Gwil",   "Hester", "Idris",  "Jola",
    "Kofi", "Leona",  "Maeve",  "Nikhil", "Orla",  "Piotr",  "Quinn",  "Rhona",  "Seb",    "Tamsin",
    "Ulla", "Viktor", "Wendel", "Yusra",  "Zeb",   "Amina",  "Bryony", "Conall", "Delyth", "Ewan",
};
static const char *const family_names[] = {
    "Marl",      "Quickthorn", "Sedge",     "Oakapple",  "Fernley-Moss", "Loomis-Tarn",
    "Ravenscar", "Tealby",     "Winterbee", "Yarrowby",  "Bracken",      "Coldstone",
    "Dunnock",   "Elderfen",   "Foxlade",   "Greywater", "Hollin",       "Inglebeck",
    "Jessamy",   "Kirkmoss",   "Larkholme", "Millrace",  "Nettlefold",   "Ottershaw",
};
static const char *const streets[] = {
    "Spindle Row",    "Bobbin Lane", "Lamproom Street", "Winding House Road", "Shuttle Street",
    "Tallow Yard",    "Canal Reach", "Pit Pony Lane",   "Engine House Road",  "Carding Street",
    "Brickfield Way", "Basin Side",  "Weavers Rise",    "Old Tramway",        "Doffer Street",
};

const char *demo_compound(struct arena *a, size_t i) {
    return arena_printf(a, "%s%s", first_halves[i % COUNT(first_halves)],
                        second_halves[i / COUNT(first_halves) % COUNT(second_halves)]);
}

const char *demo_pair(struct arena *a, size_t i) {
    return arena_printf(a, "%s %s", adjectives[i % COUNT(adjectives)],
                        nouns[i / COUNT(adjectives) % COUNT(nouns)]);
}

const struct demo_purpose *demo_purpose_of(enum demo_body body, size_t k) {
    size_t n = 0;
    for (size_t i = 0; i < COUNT(purposes); i++) {
        n += purposes[i].body == body;
    }
    k = n ? k % n : 0;
    for (size_t i = 0; i < COUNT(purposes); i++) {
        if (purposes[i].body == body && k-- == 0) {
            return &purposes[i];
        }
    }
    return &purposes[0];
}

const char *demo_firm_name(struct demo_rng *r, struct arena *a, const char *compound, enum demo_body body,
                           const struct demo_sector *sector) {
    const char *trade = sector->trades[demo_below(r, COUNT(sector->trades))];
    if (body == DEMO_TRADER) {
        return arena_printf(a, "%s %s", compound, trade);
    }
    return arena_printf(a, "%s %s %s", compound, trade, demo_chance(r, 15) ? "Limited" : "Ltd");
}

const char *demo_community_name(struct arena *a, const char *compound, const struct demo_purpose *p) {
    const char *ending = p->body == DEMO_CIC       ? " CIC"
                         : p->body == DEMO_CIO     ? " CIO"
                         : p->body == DEMO_BENEFIT ? " Limited"
                                                   : "";
    return arena_printf(a, "%s %s%s", compound, p->words, ending);
}

const char *demo_person_name(struct demo_rng *r, struct arena *a) {
    return arena_printf(a, "%s %s", given_names[demo_below(r, COUNT(given_names))],
                        family_names[demo_below(r, COUNT(family_names))]);
}

const char *demo_street(struct demo_rng *r, struct arena *a) {
    return arena_printf(a, "%u %s", 1 + demo_below(r, 190), streets[demo_below(r, COUNT(streets))]);
}

static char *joined(struct arena *a, const char *text, char joint) {
    char *out = arena_alloc(a, strlen(text) + 1);
    size_t n = 0;
    for (; *text; text++) {
        if (isalnum((unsigned char)*text)) {
            out[n++] = (char)tolower((unsigned char)*text);
        } else if (n > 0 && out[n - 1] != joint) {
            out[n++] = joint;
        }
    }
    out[n > 0 && out[n - 1] == joint ? n - 1 : n] = 0;
    return out;
}

const char *demo_slug(struct arena *a, const char *name) {
    static const char *const endings[] = {"-ltd", "-limited", "-cic", "-cio"};
    char *slug = joined(a, name, '-');
    size_t n = strlen(slug);
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t len = strlen(endings[i]);
        if (n > len && strcmp(slug + n - len, endings[i]) == 0) {
            slug[n - len] = 0;
            break;
        }
    }
    return slug;
}

const char *demo_mailbox(struct arena *a, const char *person_name) {
    return joined(a, person_name, '.');
}

// Words that are easy to read out and to type, four to seven letters.
static const char *const secret_words[] = {
    "acorn",    "amber",   "anchor",  "apron",   "arrow",   "attic",   "autumn",   "badger",  "bakery",
    "balcony",  "bamboo",  "banjo",   "basil",   "beacon",  "beetle",  "bicycle",  "biscuit", "blanket",
    "bonfire",  "bottle",  "bramble", "bridge",  "bucket",  "butter",  "button",   "cabin",   "cactus",
    "camel",    "candle",  "canoe",   "carpet",  "carrot",  "castle",  "celery",   "cherry",  "chimney",
    "cinema",   "clover",  "cobble",  "coconut", "comet",   "copper",  "coral",    "cottage", "cricket",
    "crumpet",  "cushion", "daisy",   "dolphin", "donkey",  "dragon",  "drawer",   "eagle",   "easel",
    "elbow",    "engine",  "fabric",  "falcon",  "feather", "fiddle",  "flannel",  "forest",  "fossil",
    "fountain", "garlic",  "garnet",  "gazebo",  "ginger",  "glacier", "goblet",   "goose",   "gravel",
    "guitar",   "hammer",  "harbour", "hazel",   "hedge",   "helmet",  "heron",    "honey",   "hornet",
    "igloo",    "island",  "ivory",   "jacket",  "jigsaw",  "jungle",  "kayak",    "kennel",  "kettle",
    "kitten",   "ladder",  "lagoon",  "lantern", "lemon",   "lentil",  "lilac",    "lizard",  "lobster",
    "locket",   "magnet",  "mango",   "maple",   "marble",  "meadow",  "melon",    "mirror",  "mitten",
    "molar",    "moss",    "muffin",  "mustard", "napkin",  "needle",  "nettle",   "nutmeg",  "oatmeal",
    "ocean",    "olive",   "onion",   "orchard", "otter",   "oyster",  "paddle",   "parcel",  "parsnip",
    "pebble",   "pencil",  "pepper",  "piano",   "pickle",  "pigeon",  "pillow",   "planet",  "plover",
    "pocket",   "pollen",  "poppy",   "potato",  "puddle",  "pumpkin", "puzzle",   "quarry",  "quilt",
    "rabbit",   "radish",  "raisin",  "ribbon",  "river",   "robin",   "rocket",   "saddle",  "salmon",
    "sandal",   "satchel", "scarf",   "shovel",  "signal",  "silver",  "socket",   "spanner", "sparrow",
    "spoon",    "squash",  "stable",  "statue",  "stream",  "sunset",  "swallow",  "table",   "tablet",
    "teapot",   "temple",  "thicket", "thimble", "thistle", "ticket",  "timber",   "toffee",  "tomato",
    "trellis",  "trumpet", "tulip",   "tunnel",  "turnip",  "turtle",  "umbrella", "valley",  "vanilla",
    "velvet",   "violin",  "waffle",  "wagon",   "walnut",  "walrus",  "whistle",  "willow",  "window",
    "winter",   "wombat",
};

const char *demo_password(struct arena *a) {
    struct strb b;
    strb_init(&b, 128);
    for (int i = 0; i < 4; i++) {
        strb_printf(&b, "%s-", secret_words[randombytes_uniform(COUNT(secret_words))]);
    }
    strb_printf(&b, "%u", 1000 + (unsigned)randombytes_uniform(9000));
    const char *out = arena_strdup(a, b.p);
    strb_free(&b);
    return out;
}
