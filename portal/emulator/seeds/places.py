"""Countries of the emulated customers: towns, streets, people and company names of each."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Country:
    """``towns`` are (city, state, postal code); ``forms`` build a company name from {p} and {t}."""

    code: str
    weight: int
    culture: str
    dialling: str
    top_domain: str
    towns: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


FRANCE = Country(
    code="FR",
    weight=26,
    culture="fr-FR",
    dialling="+33",
    top_domain="fr",
    towns=(
        ("Lyon", "", "69003"),
        ("Nantes", "", "44000"),
        ("Lille", "", "59800"),
        ("Toulouse", "", "31000"),
        ("Rennes", "", "35000"),
        ("Paris", "", "75011"),
    ),
    streets=_words("rue de la République, avenue Jean Jaurès, rue Voltaire, quai de la Fosse"),
    first_names=_words("Camille, Hélène, Julien, Mathieu, Sophie, Thomas, Chloé, Étienne"),
    last_names=_words(
        "Lefèvre, Moreau, Girard, Rousseau, Fontaine, Chevalier, Garnier, Lambert, Bonnet, Mercier, "
        "Faure, Blanchard, Guérin, Perrin, Dufour, Renaud"
    ),
    trades=_words(
        "Menuiserie, Imprimerie, Transports, Boulangerie, Optique, Pharmacie, Charpentes, "
        "Électricité, Vignobles, Architectes, Logistique, Conserverie"
    ),
    forms=("{t} {p}", "{t} {p} & Fils", "{p} {t}", "Cabinet {p} {t}", "{t} d'{p}"),
)
GERMANY = Country(
    code="DE",
    weight=15,
    culture="de-DE",
    dialling="+49",
    top_domain="de",
    towns=(
        ("Köln", "", "50667"),
        ("Stuttgart", "", "70173"),
        ("Leipzig", "", "04109"),
        ("Hamburg", "", "20095"),
        ("Nürnberg", "", "90402"),
    ),
    streets=_words("Bahnhofstraße, Hauptstraße, Industriestraße, Schillerstraße"),
    first_names=_words("Anna, Jürgen, Katrin, Lukas, Monika, Stefan, Uwe, Birgit"),
    last_names=_words(
        "Müller, Schneider, Fischer, Weber, Wagner, Becker, Hoffmann, Schäfer, Koch, Richter, "
        "Wolf, Schröder, Neumann, Krüger, Hartmann, Vogel"
    ),
    trades=_words(
        "Maschinenbau, Logistik, Elektrotechnik, Holzbau, Druckerei, Metallbau, Medizintechnik, "
        "Immobilien, Feinkost, Spedition, Gebäudetechnik, Optik"
    ),
    forms=("{p} {t} GmbH", "{t} {p} KG", "{p} & Söhne {t}", "{p} {t} AG"),
)
UNITED_STATES = Country(
    code="US",
    weight=14,
    culture="en-US",
    dialling="+1",
    top_domain="com",
    towns=(
        ("Spokane", "WA", "99201"),
        ("Columbus", "OH", "43215"),
        ("Austin", "TX", "78701"),
        ("Portland", "ME", "04101"),
        ("Raleigh", "NC", "27601"),
    ),
    streets=_words("Main Street, Oak Avenue, Lakeview Drive, Market Street"),
    first_names=_words("Alice, Brian, Denise, Ethan, Grace, Kevin, Laura, Marcus"),
    last_names=_words(
        "Bennett, Coleman, Donovan, Ellison, Fletcher, Grayson, Hollis, Jennings, Kendrick, "
        "Lawson, Merrick, Norwood, Prescott, Sutton, Thatcher, Whitfield"
    ),
    trades=_words(
        "Dental Group, Logistics, Builders, Orchards, Legal, Insurance, Robotics, Foods, "
        "Veterinary, Press, Outfitters, Engineering"
    ),
    forms=("{p} {t}", "{p} {t} Inc.", "{p} & Co. {t}", "{p} {t} LLC"),
)
UNITED_KINGDOM = Country(
    code="GB",
    weight=11,
    culture="en-GB",
    dialling="+44",
    top_domain="co.uk",
    towns=(
        ("Leeds", "", "LS1 4DY"),
        ("Bristol", "", "BS1 5TR"),
        ("Edinburgh", "", "EH2 2BY"),
        ("Norwich", "", "NR2 1AF"),
    ),
    streets=_words("High Street, Station Road, Church Lane, Victoria Road"),
    first_names=_words("Emma, Harriet, James, Oliver, Priya, Rhys, Sarah, Tom"),
    last_names=_words(
        "Ashworth, Barrow, Carver, Dunmore, Eastwood, Fairfax, Greaves, Hargreave, Kirkby, "
        "Langley, Marlow, Oakley, Pemberton, Rowntree, Selby, Thornbury"
    ),
    trades=_words(
        "Joinery, Haulage, Solicitors, Surveyors, Brewing, Textiles, Fisheries, Books, "
        "Accountants, Lighting, Nurseries, Ceramics"
    ),
    forms=("{p} {t} Ltd", "{p} & Sons {t}", "{p} {t}", "{p}'s {t}"),
)
BELGIUM = Country(
    code="BE",
    weight=8,
    culture="fr-BE",
    dialling="+32",
    top_domain="be",
    towns=(("Liège", "", "4000"), ("Namur", "", "5000"), ("Bruxelles", "", "1000")),
    streets=_words("rue Neuve, chaussée de Louvain, place Saint-Lambert"),
    first_names=_words("Amélie, Benoît, Lotte, Maxime, Nele, Pieter"),
    last_names=_words("Dumont, Peeters, Janssens, Lejeune, Maes, Claes, Delvaux, Goossens"),
    trades=_words("Brasserie, Chocolaterie, Transports, Horticulture, Imprimerie, Assurances"),
    forms=("{t} {p}", "{t} {p} SRL", "{p} {t}"),
)
CANADA = Country(
    code="CA",
    weight=6,
    culture="fr-CA",
    dialling="+1",
    top_domain="ca",
    towns=(("Québec", "QC", "G1R 4S9"), ("Halifax", "NS", "B3J 1S9"), ("Ottawa", "ON", "K1P 1J1")),
    streets=_words("rue Saint-Jean, Barrington Street, Sparks Street"),
    first_names=_words("Audrey, Félix, Gabrielle, Noah, Olivia, Xavier"),
    last_names=_words("Tremblay, Gagnon, Côté, Bouchard, MacLean, Pelletier, Fraser, Bélanger"),
    trades=_words("Érablière, Forestry, Aviation, Mining, Clinique, Outfitters"),
    forms=("{t} {p}", "{p} {t} Inc.", "{p} {t}"),
)
SWITZERLAND = Country(
    code="CH",
    weight=5,
    culture="de-CH",
    dialling="+41",
    top_domain="ch",
    towns=(("Zürich", "", "8001"), ("Genève", "", "1204"), ("Bern", "", "3011")),
    streets=_words("Bahnhofplatz, rue du Rhône, Marktgasse"),
    first_names=_words("Beat, Céline, Nadia, Reto, Urs, Vreni"),
    last_names=_words("Keller, Brunner, Favre, Zürcher, Rochat, Bühler, Frei, Ammann"),
    trades=_words("Uhren, Treuhand, Präzision, Horlogerie, Käserei, Bergbahnen"),
    forms=("{p} {t} AG", "{t} {p} SA", "{p} {t}"),
)
SPAIN = Country(
    code="ES",
    weight=5,
    culture="es-ES",
    dialling="+34",
    top_domain="es",
    towns=(("Valencia", "", "46001"), ("Zaragoza", "", "50001"), ("Sevilla", "", "41001")),
    streets=_words("Calle Mayor, Avenida de la Constitución, Paseo del Río"),
    first_names=_words("Álvaro, Carmen, Íñigo, Lucía, María, Rubén"),
    last_names=_words("Núñez, Ortega, Ibáñez, Molina, Castaño, Vega, Serrano, Peña"),
    trades=_words("Bodegas, Cerámicas, Transportes, Aceites, Gestoría, Astilleros"),
    forms=("{t} {p}", "{t} {p} S.L.", "{p} {t}"),
)
ITALY = Country(
    code="IT",
    weight=4,
    culture="it-IT",
    dialling="+39",
    top_domain="it",
    towns=(("Torino", "TO", "10121"), ("Bologna", "BO", "40121"), ("Verona", "VR", "37121")),
    streets=_words("Via Roma, Corso Garibaldi, Via Mazzini"),
    first_names=_words("Chiara, Davide, Elena, Niccolò, Paolo, Sara"),
    last_names=_words("Ferrari, Bianchi, Gallo, Conti, Marino, Barbieri, D'Angelo, Rinaldi"),
    trades=_words("Arredamenti, Meccanica, Vini, Tessuti, Studio Legale, Ceramiche"),
    forms=("{t} {p}", "{p} {t} S.r.l.", "{t} {p} & C."),
)
NETHERLANDS = Country(
    code="NL",
    weight=3,
    culture="nl-NL",
    dialling="+31",
    top_domain="nl",
    towns=(("Utrecht", "", "3511 AB"), ("Groningen", "", "9711 LM"), ("Breda", "", "4811 XS")),
    streets=_words("Oudegracht, Herestraat, Grote Markt"),
    first_names=_words("Daan, Femke, Jeroen, Marijke, Sanne, Wouter"),
    last_names=_words("de Vries, Bakker, Visser, Smit, Dijkstra, van Leeuwen, Hoekstra, Postma"),
    trades=_words("Bloemen, Scheepsbouw, Zuivel, Techniek, Advies, Kassenbouw"),
    forms=("{p} {t} B.V.", "{t} {p}", "{p} {t}"),
)
SWEDEN = Country(
    code="SE",
    weight=3,
    culture="sv-SE",
    dialling="+46",
    top_domain="se",
    towns=(("Göteborg", "", "411 03"), ("Malmö", "", "211 22"), ("Umeå", "", "903 26")),
    streets=_words("Storgatan, Kungsgatan, Drottninggatan"),
    first_names=_words("Åsa, Erik, Ingrid, Lars, Maja, Nils"),
    last_names=_words("Sjöberg, Lindqvist, Åkesson, Holm, Nyström, Ekström, Berglund, Dahl"),
    trades=_words("Skog, Stål, Rederi, Design, Energi, Bygg"),
    forms=("{p} {t} AB", "{p}s {t}", "{t} {p}"),
)

COUNTRIES = (
    *(FRANCE, GERMANY, UNITED_STATES, UNITED_KINGDOM, BELGIUM, CANADA),
    *(SWITZERLAND, SPAIN, ITALY, NETHERLANDS, SWEDEN),
)
BY_CODE = {country.code: country for country in COUNTRIES}
