"""Column titles by which other programs, and people, mean the fields of a customer.

A field stands before its titles; with a question mark, before titles that only usually mean it.
"""

from piste.ui.exchange.matching import vocabulary

#: The fields of addresses, the same on customers and deals.
ADDRESS = vocabulary("""
email: email, e-mail, mail, courriel, adresse e-mail, adresse email, adresse mail, email address,
    email_from, email work, email professionnel, person email, person email work, personne email,
    contact email
email?: email other, email home, work email, customer email
phone: phone, telephone, tel, téléphone, numéro de téléphone, phone number, telephone number, phone
    work, person phone, person phone work, personne téléphone, contact phone, fixe, téléphone fixe
phone?: phone other, phone home, work phone, company phone
mobile: mobile, portable, téléphone mobile, téléphone portable, mobile phone, mobile phone number, cell
    phone, gsm, person phone mobile, phone mobile, numéro de téléphone mobile
website: website, site web, site internet, site, url, web, website url, url du site web
website?: domain
street: street, rue, adresse, address, street address, adresse postale, organization address, address
    line 1, adresse de l'organisation, organisation adresse
street2: street2, street 2, rue 2, rue2, adresse 2, address 2, complément d'adresse, address line 2
postcode: postcode, zip, code postal, cp, postal code, zip code, zip/postal code
city: city, ville, town, commune, localité
state: state, état, région, region, state/region, état/région, state_id, state_id/name, province,
    département
state?: county
country: country, pays, country/region, pays/région, country_id, country_id/name, country code
""")

CUSTOMER = vocabulary(
    """
name: name, nom, nom complet, full name, raison sociale, dénomination, person name, personne nom,
    organization name, organisation nom, contact name, nom du contact, customer, client, company name,
    nom de l'entreprise, nom de la société, person full name
name?: display name, nom d'affichage, société, entreprise, company, organization, organisation, contact
kind: kind, type, company type, type de société, is a company, est une société, is_company, société ?,
    type de contact
parent: works for, parent_id, parent_id/name, related company, société liée, person organization,
    personne organisation, associated company, entreprise associée, parent company, société mère,
    employer, employeur, travaille pour
parent?: company, société, entreprise, organization, organisation, company name, nom de l'entreprise,
    nom de la société
job_position: function, job position, job title, poste, fonction, intitulé du poste, title, titre
vat: vat, tax id, n° tva, numéro de tva, tva intracommunautaire, vat number, tva, id fiscal
siren: siren, n° siren, numéro siren
siret: siret, n° siret, numéro siret, company_registry
naf: naf, ape, code naf, code ape, naf code
headcount: headcount, number of employees, effectif, effectifs, nombre d'employés, nombre de salariés,
    employees
language: lang, language, langue
tags: tags, étiquettes, étiquette, category_id, category_id/name, labels, label, person labels, person
    label, organization labels, organization label
tags?: catégories, categories, category, catégorie, segment
owner: salesperson, vendeur, commercial, owner, user_id, user_id/name, contact owner, company owner,
    propriétaire, propriétaire du contact, propriétaire de l'entreprise, person owner, organization
    owner, personne propriétaire, responsable
owner?: account manager
team: team, équipe, sales team, équipe commerciale, team_id, team_id/name
source: source, origine, original source, source d'origine, lead source
notes: notes, note, comment, comments, commentaire, commentaires, remarques, description
""",
    ADDRESS,
)
