"""Column titles by which other programs, and people, mean the fields of a deal.

A field stands before its titles; with a question mark, before titles that only usually mean it.
"""

from piste.contacts.titles import ADDRESS
from piste.ui.exchange.matching import vocabulary

DEAL = vocabulary(
    """
name: name, nom, opportunity, opportunité, opportunity name, nom de l'opportunité, lead, piste, deal,
    deal name, deal title, title, titre, affaire, nom de l'affaire, affaire titre, nom de la
    transaction, intitulé, objet, sujet, subject, lead title
name?: projet, project, display name, nom d'affichage
contact: customer, client, partner_id, partner_id/name, partner, partenaire, account, compte, nom du
    client, customer name, account name
contact?: contact
contact_name: contact name, nom du contact, contact_name, contact person, personne à contacter, contact,
    deal contact person, affaire personne à contacter, person name, personne nom, associated contact,
    contact associé, person, personne, interlocuteur, nom de la personne
contact_name?: full name, nom complet
company_name: company name, nom de l'entreprise, nom de la société, partner_name, organization,
    organisation, deal organization, affaire organisation, organization name, organisation nom,
    associated company, entreprise associée, company, société, entreprise, raison sociale, associated
    company primary
job_position: function, job position, job title, poste, fonction, intitulé du poste, contact title
owner: owner, salesperson, vendeur, commercial, user_id, user_id/name, deal owner, propriétaire,
    propriétaire de l'affaire, affaire propriétaire, propriétaire de la transaction, responsable,
    assigned to, attribué à, suivi par, account manager, chargé d'affaires
owner?: user, utilisateur
team: team, équipe, sales team, équipe commerciale, team_id, team_id/name, hubspot team
stage: stage, étape, stage_id, stage_id/name, deal stage, phase, affaire étape, étape de la transaction,
    phase de la transaction, pipeline stage, étape du pipeline, stage name
stage?: stade, avancement
status: status, statut, deal status, affaire statut, won status, won_status, état de l'affaire, résultat
priority: priority, priorité, étoiles, stars
tags: tags, étiquettes, étiquette, tag_ids, tag_ids/name, label, labels, deal label, affaire étiquette,
    deal labels
tags?: catégories, categories, category, catégorie, deal type, type de transaction
expected_revenue: expected revenue, expected_revenue, planned_revenue, planned revenue, revenu espéré,
    revenus espérés, revenu attendu, revenus attendus, montant attendu, montant, amount, value, valeur,
    deal value, affaire valeur, deal amount, montant de la transaction, ca, chiffre d'affaires, prix
expected_revenue?: amount in company currency, montant dans la devise de l'entreprise, budget, total,
    revenue, revenu
recurring_revenue: recurring revenue, recurring revenues, revenu récurrent, revenus récurrents,
    recurring_revenue, mrr, deal mrr, revenu récurrent mensuel
recurring_plan: recurring plan, plan récurrent, recurring_plan, recurring_plan/name, périodicité
probability: probability, probabilité, probabilité (%), deal probability, affaire probabilité,
    probabilité de la transaction, score
expected_close: expected closing, expected close, expected close date, clôture prévue, date de clôture
    prévue, fermeture prévue, date_deadline, deal expected close date, affaire date de clôture prévue,
    close date, closing date, date de fermeture, date de fermeture prévue, échéance, date limite,
    expected closing date
expected_close?: date de clôture, deadline
created_at: created on, created, create date, created at, creation date, date de création, créé le,
    create_date, deal created, deal deal created, deal creation date, affaire créée, affaire affaire
    créée, affaire date de création, date
created_at?: date d'ajout, add time
closed_at: closed date, closed on, closed at, date_closed, deal closed on, deal deal closed on, date
    closed, fermé le, clos le, clôturé le, date de fin, affaire fermée le, affaire affaire fermée le
closed_at?: date de clôture
won_at: won time, deal won time, affaire date de gain, gagné le, won on, date de gain
lost_at: lost time, deal lost time, affaire heure de l'échec, affaire date de perte, perdu le, lost on
assigned_at: assignment date, date d'assignation, date d'affectation, date_open, affecté le
stage_changed_at: last stage update, dernière mise à jour de l'étape, date_last_stage_update, last stage
    change, deal last stage change, affaire dernier changement d'étape
active: active, actif, active?
lost_reason: lost reason, lost_reason, lost_reason_id, lost_reason_id/name, raison de la perte, motif de
    la perte, motif de perte, raison de perte, deal lost reason, affaire raison de la perte, affaire
    raison de perte, closed lost reason, raison de fermeture perdue
lost_note: closing note, note de clôture, lost feedback, commentaire de perte
source: source, source_id, source_id/name, origine, lead source, source du lead, affaire source du lead,
    deal source, original source, original source type, provenance
source?: deal source channel, affaire canal source
medium: medium, médium, moyen, support, canal, medium_id, medium_id/name
medium?: channel
campaign: campaign, campagne, campaign_id, campaign_id/name
description: description, notes, note, internal notes, notes internes, commentaire, commentaires,
    comments, comment, deal description, description de la transaction, détails
description?: remarques
referred_by: referred by, referred, recommandé par, référé par, parrain, parrainé par
""",
    ADDRESS,
)
