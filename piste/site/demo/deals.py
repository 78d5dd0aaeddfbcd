"""The deals of the sample company that are open, or were won this month."""

from __future__ import annotations

from piste.site.demo.stories import Story, begun, lost, proposed, qualified, reopened, revised, won

NEW = (
    Story("AL", "Audit énergétique, 3 sites", "Hervé Tanguy", 18_500, "Audit", "Appel",
          (begun(2),), closing=24, priority=2),
    Story("AL", "Formation Django, 12 personnes", "Julie Masson", 9_600, "Formation, Public", "Formulaire",
          (begun(1),), closing=17, priority=1),
    Story("AL", "Téléphonie, 25 postes", "Chloé Le Dantec", 6_400, "Contrat", "Appel",
          (begun(4),), closing=9, priority=1),
    Story("AL", "Site vitrine bilingue", "Tanguy Stéphant", 3_800, "Web", "Formulaire",
          (begun(26),), closing=-3),
    Story("AL", "Refonte du site", "Maëlle Cadoret", 3_500, "Web, Public", "E-mail",
          (begun(7),)),
    Story("AL", "Prise de rendez-vous en ligne", "Yves Marchand", 2_500, "Web", "Formulaire",
          (begun(3),), closing=40),
    Story("PM", "Refonte site e-commerce", "Soizic Kerbrat", 12_000, "Web", "Parrainage",
          (begun(6),), closing=27, priority=1),
    Story("PM", "Logiciel de caisse, 4 postes", "Enora Le Bris", 7_200, "Logiciel", "Formulaire",
          (begun(8),), closing=32, priority=1),
    Story("PM", "Application de pesée", "Gwenaël Rio", 4_600, "Logiciel", "Salon nautique",
          (begun(19),)),
    Story("PM", "Gestion des adhérents", "Loïc Madec", 2_400, "Logiciel", "Salon nautique",
          (begun(5),), closing=2),
    Story("LB", "Maintenance parc imprimantes", "Lycée Dupuy-de-Lôme", 4_200, "Contrat, Public", "E-mail",
          (begun(3),), closing=35),
    Story("LB", "Réseau Wi-Fi, 3 hangars", "Marc Gonidec", 5_200, "Audit", "Appel",
          (begun(2),)),
    Story("LB", "Audit RGPD", "Fatoumata Diallo", 3_900, "Audit", "Parrainage",
          (begun(1),), closing=45, priority=1),
    Story("LB", "Formation sécurité", "Samira Haddad", 2_600, "Formation", "Parrainage",
          (begun(10),), closing=20, priority=1),
)  # fmt: skip

QUALIFIED = (
    Story("AL", "Plateforme de réservation", "Gaëlle Riou", 38_000, "Web, Prioritaire", "Salon nautique",
          (begun(15, expected_revenue=34_000, closing=6), qualified(12), revised(1)),
          closing=21, priority=3, recurring=(3_480, "Yearly"),
          notes="Budget voté : 40 k€. Le paiement en ligne est à comprendre. Décision jeudi."),
    Story("AL", "Téléphonie de l’accueil", "Katell Nédélec", 21_000, "Contrat", "Parrainage",
          (begun(9), qualified(3)), closing=1, priority=1),
    Story("AL", "Site et boutique des cures", "Nadia Benali", 14_500, "Web", "LinkedIn",
          (begun(20), qualified(8)), closing=-2, priority=2),
    Story("PM", "Pilotage des stocks", "Nolwenn Bris", 26_400, "Logiciel", "Appel",
          (begun(11), qualified(4)), closing=30, priority=2),
    Story("PM", "Compte rendu des ventes", "Ewen Corlay", 7_800, "Logiciel", "E-mail",
          (begun(13), qualified(6)), closing=10),
    Story("PM", "Tableau de bord qualité", "Aurélien Pasco", 7_500, "Logiciel", "LinkedIn",
          (begun(18), qualified(9)), closing=50, priority=1),
    Story("LB", "Accompagnement RGPD", "Erwan Le Fur", 7_800, "Audit", "Parrainage",
          (begun(140, expected_revenue=9_800), lost(90, "No budget", "À revoir au prochain exercice."),
           reopened(12), qualified(5), revised(3)), closing=22, priority=1),
    Story("LB", "Portail adhérents", "Fédération de voile", 9_000, "Web", "Salon nautique",
          (begun(30, closing=17), qualified(16), revised(4)), closing=75, priority=2),
    Story("LB", "Formation des équipes", "Soizic Kerbrat", 10_800, "Formation", "Formulaire",
          (begun(14), qualified(7)), priority=2),
)  # fmt: skip

PROPOSED = (
    Story("AL", "Intranet et messagerie", "Paul Cariou", 52_000, "Logiciel, Prioritaire", "Parrainage",
          (begun(48, expected_revenue=47_000), qualified(30), proposed(9), revised(5)), closing=3, priority=3,
          notes="Le comité se réunit vendredi. Concurrence : un intégrateur de Rennes."),
    Story("AL", "Suivi de fabrication", "Morgane Kergoat", 16_500, "Logiciel", "Appel",
          (begun(40), qualified(29), proposed(11)), closing=-1, priority=1),
    Story("PM", "Hébergement infogéré", "Aurélien Pasco", 14_400, "Contrat", "E-mail",
          (begun(33, expected_revenue=16_800), qualified(21), proposed(7), revised(6)),
          closing=15, priority=1, recurring=(450, "Monthly")),
    Story("PM", "Géolocalisation de la flotte", "Chloé Le Dantec", 22_500, "Logiciel", "Appel",
          (begun(60, closing=24), qualified(45), proposed(22), revised(5)), closing=64, priority=2),
    Story("LB", "Formation sécurité, 2 sessions", "CCI du Morbihan", 6_900, "Formation", "Parrainage",
          (begun(25), qualified(14), proposed(3)), closing=12, priority=1),
    Story("LB", "Sauvegarde externalisée", "Hélène Kervella", 5_900, "Contrat", "Parrainage",
          (begun(28), qualified(20), proposed(10)), closing=1, recurring=(95, "Monthly")),
)  # fmt: skip

WON_THIS_MONTH = (
    Story("AL", "Site vitrine et identité", "Chantier naval Guip", 11_200, "Web", "Salon nautique",
          (begun(35), qualified(28), proposed(14), won(5)), closing=-4, priority=2),
    Story("PM", "Contrat de support annuel", "Îles & Voiles", 9_600, "Contrat", "E-mail",
          (begun(30), qualified(24), proposed(12), won(4)),
          closing=3, priority=1, recurring=(9_600, "Yearly")),
    Story("AL", "Extranet des mandataires", "Ewen Corlay", 24_000, "Logiciel", "Parrainage",
          (begun(75), qualified(60), proposed(33), won(11)), closing=-9, priority=2),
    Story("LB", "Audit de sécurité", "Julie Masson", 12_500, "Audit, Public", "Formulaire",
          (begun(50), qualified(41), proposed(25), won(16)), closing=-15, priority=1),
    Story("PM", "Boutique en ligne", "Rozenn Jaouen", 7_000, "Web", "Chat",
          (begun(22), won(18)), closing=-10),
)  # fmt: skip

LOIRE = (
    Story("YQ", "Gestion des tournées", "Bruno Charrier", 13_800, "Logiciel", "LinkedIn",
          (begun(17), qualified(6)), closing=26, priority=2, team="Pays de la Loire"),
    Story("YQ", "Site de la brasserie", "Inès Moreau", 5_400, "Web", "Formulaire",
          (begun(5),), closing=14, team="Pays de la Loire"),
    Story("", "Formation Linux, 6 personnes", "Lycée de l’Estuaire", 4_800, "Formation, Public", "Formulaire",
          (begun(1),), closing=38, team="Pays de la Loire"),
    Story("", "Maintenance des postes", "Karim Haddou", 6_200, "Contrat", "E-mail",
          (begun(4),), team="Pays de la Loire"),
)  # fmt: skip

PRESENT = NEW + QUALIFIED + PROPOSED + WON_THIS_MONTH + LOIRE
