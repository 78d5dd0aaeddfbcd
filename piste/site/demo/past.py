"""The deals of the sample company that ended before this month."""

from __future__ import annotations

from piste.site.demo.stories import Story, begun, lost, proposed, qualified, reopened, won

WON = (
    Story("AL", "Site institutionnel", "Julie Masson", 18_000, "Web, Public", "Formulaire",
          (begun(728), qualified(715), proposed(690), won(655)), closing=-650, priority=2),
    Story("PM", "Gestion commerciale", "Nolwenn Bris", 32_000, "Logiciel", "Appel",
          (begun(690), qualified(672), proposed(640), won(598)), closing=-605, priority=2),
    Story("LB", "Formation bureautique", "CCI du Morbihan", 4_800, "Formation", "E-mail",
          (begun(610), qualified(600), won(571)), closing=-570),
    Story("AL", "Hébergement et astreinte", "Paul Cariou", 21_600, "Contrat", "Parrainage",
          (begun(560), qualified(548), proposed(520), won(489)), closing=-490, priority=1,
          recurring=(900, "Monthly")),
    Story("LB", "Audit RGPD", "Erwan Le Fur", 5_600, "Audit", "Parrainage",
          (begun(500), qualified(490), proposed(475), won(452)), closing=-455),
    Story("PM", "Refonte de la boutique", "Aurélien Pasco", 15_400, "Web", "LinkedIn",
          (begun(455), qualified(440), proposed(415), won(380)), closing=-385, priority=1),
    Story("AL", "Réseau des écoles", "Julie Masson", 27_500, "Public", "Formulaire",
          (begun(430), qualified(410), proposed(370), won(322)), closing=-320, priority=2),
    Story("AL", "Application de criée", "Ewen Corlay", 36_000, "Logiciel, Prioritaire", "Appel",
          (begun(350), qualified(330), proposed(290), lost(270, "Timing", "Travaux du quai reportés."),
           reopened(255), won(241)), closing=-240, priority=3),
    Story("YQ", "Intranet", "Karim Haddou", 19_500, "Logiciel", "LinkedIn",
          (begun(320), qualified(301), proposed(283), won(262)), closing=-260, team="Pays de la Loire"),
    Story("LB", "Site des gîtes", "Tanguy Stéphant", 6_200, "Web", "Formulaire",
          (begun(290), qualified(281), proposed(270), won(254)), closing=-250),
    Story("PM", "Contrat de maintenance", "Katell Nédélec", 8_400, "Contrat", "Appel",
          (begun(230), qualified(221), proposed(200), won(185), reopened(182), won(171)), closing=-180,
          recurring=(8_400, "Yearly")),
    Story("YQ", "Signalétique numérique", "Brasserie Senne", 9_900, "Web", "LinkedIn",
          (begun(120), qualified(105), proposed(88), won(66)), closing=-60, team="Pays de la Loire"),
)  # fmt: skip

LOST = (
    Story("LB", "Standard téléphonique", "Lycée Dupuy-de-Lôme", 9_200, "Contrat, Public", "E-mail",
          (begun(640), qualified(620), lost(588, "No budget", "Crédits gelés par la région.")), closing=-580),
    Story("LB", "Refonte de l’intranet", "Office de tourisme du Blavet", 5_600, "Web, Public", "Formulaire",
          (begun(520), lost(497, "Competitor chosen", competitor="Ouest Numérique")), closing=-480),
    Story("AL", "Progiciel de gestion", "Morgane Kergoat", 41_000, "Logiciel, Prioritaire", "Appel",
          (begun(480), qualified(460), proposed(420),
           lost(371, "Too expensive", "30 % au-dessus de leur enveloppe ; a préféré un tableur.")),
          closing=-380, priority=3),
    Story("PM", "Site du cercle", "Loïc Madec", 3_200, "Web", "Salon nautique",
          (begun(400), lost(362, "No answer", "Cinq relances sans réponse."))),
    Story("AL", "Externalisation du parc", "Samira Haddad", 28_000, "Contrat", "LinkedIn",
          (begun(340), qualified(318), proposed(280),
           lost(236, "Competitor chosen", "Contrat de trois ans.", competitor="Armorik", revive=860)),
          closing=-240, priority=2),
    Story("PM", "Vente en ligne", "Marc Gonidec", 11_500, "Web", "Chat",
          (begun(260), qualified(240), lost(205, "Need dropped", "Vendra par un grossiste.")), closing=-190),
    Story("AL", "Application mobile", "Fédération de voile", 22_000, "Logiciel", "Salon nautique",
          (begun(210), qualified(190), proposed(160),
           lost(118, "Timing", "Après les championnats.", revive=60)),
          closing=-110, priority=1),
    Story("YQ", "Câblage des bureaux", "Bruno Charrier", 6_700, "Audit", "Appel",
          (begun(180), qualified(160), lost(139, "Out of scope")), closing=-130, team="Pays de la Loire"),
    Story("LB", "Audit d’accessibilité", "Maëlle Cadoret", 4_100, "Audit, Public", "E-mail",
          (begun(130), lost(95, "Duplicate"))),
    Story("PM", "Sauvegarde du cabinet", "Cabinet Penhoët", 8_600, "Contrat", "Parrainage",
          (begun(60), qualified(40), lost(6, "Too expensive", "Reste chez son prestataire.")), closing=10),
)  # fmt: skip

PAST = WON + LOST
