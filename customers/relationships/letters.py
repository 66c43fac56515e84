"""The mail that brings the link of a relationship request, in eight languages."""

from customers.letters import Letter

LETTERS = {
    "en": Letter(
        "Invitation: our offer for your Microsoft services",
        (
            "Hello,",
            "to order and look after Microsoft services for you, we need your consent.",
            "A global administrator of your company opens this link and accepts:",
            "{link}",
            "You can end the relationship at any time in the Microsoft 365 admin center.",
            "Kind regards",
        ),
    ),
    "fr": Letter(
        "Invitation\u00a0: notre offre pour vos services Microsoft",
        (
            "Bonjour,",
            "pour commander et gérer des services Microsoft pour vous, il nous faut votre accord.",
            "Un administrateur général de votre entreprise ouvre ce lien et accepte\u00a0:",
            "{link}",
            (
                "Vous pouvez mettre fin à la relation à tout moment dans le Centre d’administration"
                " Microsoft 365."
            ),
            "Cordialement",
        ),
    ),
    "de": Letter(
        "Einladung: unser Angebot für Ihre Microsoft-Dienste",
        (
            "Guten Tag,",
            (
                "um Microsoft-Dienste für Sie zu bestellen und zu betreuen, brauchen wir Ihre"
                " Zustimmung."
            ),
            "Ein globaler Administrator Ihres Unternehmens öffnet diesen Link und nimmt an:",
            "{link}",
            "Sie können die Beziehung jederzeit im Microsoft 365 Admin Center beenden.",
            "Freundliche Grüße",
        ),
    ),
    "es": Letter(
        "Invitación: nuestra oferta para sus servicios de Microsoft",
        (
            "Buenos días:",
            (
                "Para pedir y gestionar servicios de Microsoft por usted, necesitamos su"
                " consentimiento."
            ),
            "Un administrador global de su empresa abre este enlace y acepta:",
            "{link}",
            (
                "Puede poner fin a la relación en cualquier momento en el Centro de administración de"
                " Microsoft 365."
            ),
            "Un cordial saludo",
        ),
    ),
    "it": Letter(
        "Invito: la nostra offerta per i vostri servizi Microsoft",
        (
            "Buongiorno,",
            "per ordinare e gestire servizi Microsoft per voi abbiamo bisogno del vostro consenso.",
            "Un amministratore globale della vostra azienda apre questo collegamento e accetta:",
            "{link}",
            (
                "Potete terminare la relazione in qualsiasi momento nell’interfaccia di"
                " amministrazione di Microsoft 365."
            ),
            "Cordiali saluti",
        ),
    ),
    "nl": Letter(
        "Uitnodiging: ons aanbod voor uw Microsoft-diensten",
        (
            "Goedendag,",
            (
                "om Microsoft-diensten voor u te bestellen en te beheren, hebben wij uw toestemming"
                " nodig."
            ),
            "Een globale beheerder van uw bedrijf opent deze koppeling en accepteert:",
            "{link}",
            "U kunt de relatie op elk moment beëindigen in het Microsoft 365-beheercentrum.",
            "Met vriendelijke groet",
        ),
    ),
    "pl": Letter(
        "Zaproszenie: nasza oferta dotycząca Państwa usług Microsoft",
        (
            "Dzień dobry,",
            "aby zamawiać i obsługiwać dla Państwa usługi Microsoft, potrzebujemy Państwa zgody.",
            "Administrator globalny Państwa firmy otwiera ten link i akceptuje zaproszenie:",
            "{link}",
            (
                "Relację można zakończyć w dowolnym momencie w centrum administracyjnym platformy"
                " Microsoft 365."
            ),
            "Z poważaniem",
        ),
    ),
    "pt": Letter(
        "Convite: a nossa oferta para os seus serviços Microsoft",
        (
            "Bom dia,",
            "para encomendar e gerir serviços Microsoft por si, precisamos do seu consentimento.",
            "Um administrador global da sua empresa abre esta ligação e aceita:",
            "{link}",
            (
                "Pode terminar a relação a qualquer momento no centro de administração do Microsoft"
                " 365."
            ),
            "Com os melhores cumprimentos",
        ),
    ),
}
