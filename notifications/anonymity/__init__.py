"""How much a Restricted notice may say: a pure engine. No Django, no database, no clock, no randomness of its own.

Use, in this order (docs/anonymity.md says why):

    settings = Settings.of(on)            # numbers and words in force on that day: rows DN-03, DN-20 to DN-26
    choice = choose(population, addressee, history, settings, previous=previous, correlations=correlations)
    rung = coarsened(choice.rung, draw, settings)  # `draw`: the caller's random number, 0 <= draw < 1
    text = words(rung, facts, settings)          # constant size; words(Rung.minimal(), {}, settings) is MINIMAL
    texts = words_of_all(levels, order, facts, settings)  # those of many rungs, each once

`choose_all(population, history, settings, previous, correlations)` gives {addressee: Choice} for a whole tree.
`choose` takes nothing of a case, so its answer can be made and published at the start of a quarter.

Population(groups, parents, addressees, present={}, levels={}, climbs=True)
    groups      rows of ONE strength table: Group(unit, sex, grade, component, status, people). sex: female, male;
                grade: E1..E9, W1..W5, O1..O10, or a band E1-E4, E5-E9, W, O, or none; status: member, dependent,
                civilian; component: any word, never printed. An unknown word raises UnknownWord (a ValueError). Every
                status that may report (`settings.reporting`) has a row among an addressee's people, with 0 people where
                there is none; else that addressee gets MINIMAL whoever it is about.
    parents     unit -> the unit above, or None at the top; every unit of a group stands in it
    addressees  units whose commander gets Restricted notices. Needed: a commander above must not be told “somebody
                in my command” when everybody but a few has a commander of their own who would have been told instead.
    present     unit -> Fraction, the share of its people surely there; DN-22 where a unit states none
    levels      unit -> unit | battalion | brigade | installation | region; by height where not stated
    climbs      whether a notice of a unit that is too small goes to the addressee above; if not, it is MINIMAL

history: Released(addressee, unit, rung, quarters_ago, population, correlations), one for each wording that was
    published for (or, finer than published, released to) an addressee in the last settings.quarters quarters, MINIMAL
    too: `unit` is Choice.unit of then, `population` and `correlations` those of then. Give all those of the tree; other
    branches do not count. Give published wordings whether or not a notice went out in them: then the choice tells
    nothing about who reported.

previous: a Mapping, Choice.unit -> the rung that stood there last quarter, for the hysteresis; absent: none yet.

Choice: rung · unit (whose people it speaks of: the addressee itself or, when that is too small, the first addressee
    above that is large enough; the notice must go to THAT unit's commander, else use MINIMAL) · k (Fraction, the
    smallest effective size, over all classes, priors, persons and earlier wordings, with a year of turnover to come)
    · by_prior ({"victim:uniform": k, "offender:…", "pair:…"}) · confirm (10 <= k < 25: release only after the SARC
    confirmed) · smallest_class (people on the books) · examples_basis (the Groups of that class, for “who could
    guess”) · classes. MINIMAL has k, by_prior and smallest_class of everybody under the addressee, for the record.

Rung(organisation, sex, grade, period, place, offence, status): one level of each ladder. Rung.minimal(); rung.key, a
    string of at most 70 characters ("minimal" for MINIMAL); Rung.of(key).

facts of a case for words(): sex, grade and status as in a Group; period: week | month | quarter | earlier (see
    settings.period_of(incident_on, on)); place: on_installation | off_installation; offence: penetrative | contact.
    What is missing or None prints as not given. An unknown word raises UnknownWord.
"""

from notifications.anonymity.choosing import Choice, choose, choose_all
from notifications.anonymity.coarsening import coarsened
from notifications.anonymity.covering import covers, uncounted
from notifications.anonymity.fitting import consistent
from notifications.anonymity.history import Released
from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import Rung
from notifications.anonymity.settings import Settings, UnknownWord
from notifications.anonymity.sizes import classes, k_eff
from notifications.anonymity.wording import printed_class, words, words_of_all

__all__ = [
    "Choice",
    "Correlation",
    "Group",
    "Population",
    "Released",
    "Rung",
    "Settings",
    "UnknownWord",
    "choose",
    "choose_all",
    "classes",
    "coarsened",
    "consistent",
    "covers",
    "k_eff",
    "printed_class",
    "uncounted",
    "words",
    "words_of_all",
]
