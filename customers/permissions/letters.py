"""The link with which a customer's administrator approves, and the mail that brings it in eight languages."""

from django.conf import settings
from django.utils import translation

from customers.letters import Letter
from customers.models import AdminRelationship
from customers.permissions import words

APPROVAL = (
    "https://admin.microsoft.com/AdminPortal/Home"
    "#/partners/invitation/granularAdminRelationships/{key}"
)
LETTERS = {
    "en": Letter(
        "Our permission to look after your Microsoft services",
        (
            "Hello,",
            "to look after your users and licences, we need your permission with these roles:",
            "{roles}",
            "A global administrator of your company opens this link and approves:",
            "{link}",
            "You can end the permission at any time in the Microsoft 365 admin center.",
            "Kind regards",
        ),
    ),
    "fr": Letter(
        "Notre autorisation de gérer vos services Microsoft",
        (
            "Bonjour,",
            (
                "pour gérer vos utilisateurs et vos licences, nous avons besoin de votre autorisation"
                " avec ces rôles\u00a0:"
            ),
            "{roles}",
            "Un administrateur général de votre entreprise ouvre ce lien et approuve\u00a0:",
            "{link}",
            (
                "Vous pouvez mettre fin à l’autorisation à tout moment dans le Centre"
                " d’administration Microsoft 365."
            ),
            "Cordialement",
        ),
    ),
    "de": Letter(
        "Unsere Berechtigung, Ihre Microsoft-Dienste zu betreuen",
        (
            "Guten Tag,",
            (
                "um Ihre Benutzer und Lizenzen zu betreuen, brauchen wir Ihre Zustimmung mit diesen"
                " Rollen:"
            ),
            "{roles}",
            "Ein globaler Administrator Ihres Unternehmens öffnet diesen Link und stimmt zu:",
            "{link}",
            "Sie können die Berechtigung jederzeit im Microsoft 365 Admin Center beenden.",
            "Freundliche Grüße",
        ),
    ),
    "es": Letter(
        "Nuestro permiso para gestionar sus servicios de Microsoft",
        (
            "Buenos días:",
            "Para gestionar sus usuarios y licencias, necesitamos su permiso con estos roles:",
            "{roles}",
            "Un administrador global de su empresa abre este enlace y lo aprueba:",
            "{link}",
            (
                "Puede poner fin al permiso en cualquier momento en el Centro de administración de"
                " Microsoft 365."
            ),
            "Un cordial saludo",
        ),
    ),
    "it": Letter(
        "La nostra autorizzazione a gestire i vostri servizi Microsoft",
        (
            "Buongiorno,",
            (
                "per gestire i vostri utenti e le vostre licenze abbiamo bisogno della vostra"
                " autorizzazione con questi ruoli:"
            ),
            "{roles}",
            "Un amministratore globale della vostra azienda apre questo collegamento e approva:",
            "{link}",
            (
                "Potete revocare l’autorizzazione in qualsiasi momento nell’interfaccia di"
                " amministrazione di Microsoft 365."
            ),
            "Cordiali saluti",
        ),
    ),
    "nl": Letter(
        "Onze toestemming om uw Microsoft-diensten te beheren",
        (
            "Goedendag,",
            (
                "om uw gebruikers en licenties te beheren, hebben wij uw toestemming met deze rollen"
                " nodig:"
            ),
            "{roles}",
            "Een globale beheerder van uw bedrijf opent deze koppeling en keurt goed:",
            "{link}",
            "U kunt de toestemming op elk moment beëindigen in het Microsoft 365-beheercentrum.",
            "Met vriendelijke groet",
        ),
    ),
    "pl": Letter(
        "Nasze uprawnienia do obsługi Państwa usług Microsoft",
        (
            "Dzień dobry,",
            (
                "aby obsługiwać Państwa użytkowników i licencje, potrzebujemy Państwa zgody na"
                " następujące role:"
            ),
            "{roles}",
            "Administrator globalny Państwa firmy otwiera ten link i wyraża zgodę:",
            "{link}",
            (
                "Zgodę można cofnąć w dowolnym momencie w centrum administracyjnym platformy"
                " Microsoft 365."
            ),
            "Z poważaniem",
        ),
    ),
    "pt": Letter(
        "A nossa autorização para gerir os seus serviços Microsoft",
        (
            "Bom dia,",
            (
                "para gerir os seus utilizadores e licenças, precisamos da sua autorização com estas"
                " funções:"
            ),
            "{roles}",
            "Um administrador global da sua empresa abre esta ligação e aprova:",
            "{link}",
            (
                "Pode terminar a autorização a qualquer momento no centro de administração do"
                " Microsoft 365."
            ),
            "Com os melhores cumprimentos",
        ),
    ),
}


def link(row: AdminRelationship) -> str:
    """Where the customer approves (facts gdap approval_link)."""
    return APPROVAL.format(key=row.pc_id)


def letter(row: AdminRelationship, language: str) -> tuple[str, str]:
    """Subject and text. Roles keep Microsoft's English names in a language that the portal does not speak."""
    known = dict(settings.LANGUAGES)
    with translation.override(language if language in known else "en"):
        roles = "\n".join(f"- {name}" for name in words.role_names(row.role_ids))
    return LETTERS[language].written(roles=roles, link=link(row))
