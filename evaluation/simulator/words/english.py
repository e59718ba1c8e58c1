"""English word tables and sentence patterns, in the form of `chinese`."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


TABLES: dict[str, tuple[str, ...]] = {
    "when": _lines(
        "this morning|last night|on the way home|over lunch|before the match|after the storm|around midnight|"
        "during the meeting|on Sunday|just now|at the bus stop|while the kettle boiled|between two classes|at dawn|"
        "after the power cut|on payday|in the queue|two days ago|when the rain stopped|halfway through dinner|"
        "before anyone woke up|on the ferry|right after practice|at closing time|during the long drive"
    ),
    "who": _lines(
        "I|my sister|our neighbour|the bus driver|an old friend|my flatmate|the new intern|grandpa|our coach|"
        "the librarian|my cousin|somebody's uncle|the plumber|my boss|a stranger|the baker downstairs|our teacher|"
        "the kid next door|my running partner|the postman|a tourist|my brother in law|the night nurse|our landlord"
    ),
    "did": _lines(
        "fixed|lost|repainted|found|borrowed|carried|sold|photographed|wrapped|dropped|measured|traded|restored|"
        "took apart|gave away|cleaned|hid|sketched|inherited|rescued|labelled|weighed"
    ),
    "thing": _lines(
        "a rusty bicycle|the squeaky door|three jars of plum jam|an accordion|the wobbly table|a paper kite|"
        "grandma's atlas|a box of cassettes|the leaking tap|a chess clock|two muddy boots|the attic lamp|"
        "a cracked teapot|the garden fence|a film camera|old train tickets|the spare tyre|a violin case|"
        "a sack of walnuts|the blue tent|a telescope|forty postcards|the sourdough starter|a brass key|"
        "the neighbour's ladder|a wool blanket|an umbrella stand|the kitchen radio|half a canoe|a typewriter"
    ),
    "place": _lines(
        "the harbour|the botanical garden|platform nine|the flea market|an empty stadium|the north ridge|"
        "the county library|a tiny bakery|the planetarium|the old mill|the allotment|a ferry terminal|"
        "the swimming hall|the lighthouse|the tram depot|the orchard|a mountain hut|the science museum|the salt marsh|"
        "the corner laundromat|the town archive|the ice rink|a record shop|the observatory|the fish market"
    ),
    "went": _lines(
        "wandered through|cycled to|got lost near|finally visited|ran past|took the bus to|met friends at|sat outside|"
        "sketched all afternoon at|walked the dog around|volunteered at|missed the last train from|had breakfast near"
    ),
    "food": _lines(
        "leek soup|rhubarb crumble|smoked trout|a mountain of dumplings|cardamom buns|black bean stew|pickled beets|"
        "burnt toast|mushroom pie|lemon risotto|chestnut pasta|a heroic omelette|cold noodles|garlic flatbread|"
        "pumpkin curry|blueberry pancakes|rye bread|tomato salad|fried plantain|ginger biscuits|potato gratin"
    ),
    "cooked": _lines(
        "cooked|burned|shared|invented a version of|ate far too much|brought everyone|finally mastered|"
        "queued an hour for|traded a favour for|smuggled home some|ruined a pan making"
    ),
    "animal": _lines(
        "the cat|a heron|next door's beagle|some very loud geese|a hedgehog|the office goldfish|a squirrel|a pony|"
        "two magpies|an enormous moth|the ginger tomcat|a family of ducks|the parrot|a lost tortoise"
    ),
    "act": _lines(
        "stole a sandwich|slept on my keyboard|stared at the washing machine|blocked the cycle lane|chased a leaf|"
        "moved into a shoebox|judged all of us|learned to open the fridge|sat in the rain on purpose|hid the remote|"
        "argued with a mirror|followed me for a mile|refused to leave the porch|unrolled the whole carpet"
    ),
    "work": _lines(
        "a documentary about whaling|the third season nobody talks about|a book on bridges|an opera broadcast|"
        "the memoir of a climber|a podcast on medieval taxes|the chess final|a novel set in a lighthouse|"
        "an hour of weather radar|a lecture on dark matter|the cup replay|a manual for sewing machines|"
        "a history of salt|poems about rivers|an interview with a beekeeper|the director's cut"
    ),
    "saw": _lines(
        "watched|finished|reread|fell asleep during|cannot stop quoting|argued about|skipped work for|wept over"
    ),
    "feel": _lines(
        "and I regret nothing|which made my whole week|so tomorrow we try again|and now my back hurts|"
        "and nobody believed me|still smiling about it|worth every minute|never again, I swear|and it was glorious|"
        "though my shoes disagree|and the house smells of smoke|so much for a quiet day|and I finally understood dad|"
        "but the tea was perfect|honestly the best part of autumn|and somehow we were early"
    ),
    "think": _lines(
        "Hot take|Honestly|Unpopular opinion|Reminder|Small confession|Note to self|Fun fact|Turns out|I maintain that|"
        "After ten years I admit"
    ),
    "claim": _lines(
        "walking beats the subway below four stops|paper maps never run out of battery|cold pizza is a breakfast food|"
        "every meeting could lose its second half|a repaired chair is better than a new one|"
        "tea tastes different in a tin mug|the night bus has the best conversations|gardens reward the forgetful|"
        "slow runners see more|choirs are harder than solos|small towns do markets better|rain sounds best on canvas|"
        "nobody reads the manual until it smokes|good bread needs boredom|libraries should open at midnight|"
        "old windows make better light|you can judge a city by its benches|maps are just patient stories"
    ),
    "ask": _lines(
        "does anyone know a decent cobbler|is it snowing where you are|who else heard that bang|"
        "how do you descale a kettle|any tips for shy tomatoes|where did everybody learn to whistle|"
        "can someone identify this bird|what do I do with nine courgettes|is the pool open on holidays|"
        "which bus goes to the coast now|how often should one water a fern|has anybody seen a grey scarf"
    ),
    "weather": _lines(
        "fog so thick the gulls walked|sun after nine grey days|hail the size of peas|the air smells of snow|"
        "a sky like wet slate|the first warm evening|wind that steals hats|a moon to read by|thunder over the ridge"
    ),
    "count": _lines(
        "for three hours|in forty minutes|after eleven miles|with broken spokes|for a coffee|on the fourth try"
    ),
    "greeting": _lines(
        "good morning|happy new year|happy birthday|lol|thank you|congratulations|so true|love this|same|well said|"
        "take care|good night|wow|agreed|stay safe|great photo|first|following|need this|welcome back|amazing|me too|"
        "merry christmas|have a nice weekend|haha|nice|beautiful|happy friday|get well soon|can't wait"
    ),
}

SENTENCES = (
    "{who} {did} {thing} {when} {feel}",
    "{when} {who} {went} {place}, {weather}",
    "{think}: {claim}",
    "{animal} {act} {when}, {feel}",
    "{who} {cooked} {food} {count} {feel}",
    "{saw} {work} {when} {feel}",
    "{ask}? {who} {did} {thing} {count}",
    "{weather}, so {who} {went} {place}",
    "{who} and {who} {did} {thing} near {place}",
    "{claim}, says {who}, who {cooked} {food} {when}",
    "between {place} and {place} {animal} {act}",
    "{think}, {who} {did} {thing} and {animal} {act}",
)
END = (".", "!", "...", ".", ".", "")
JOIN = " "
