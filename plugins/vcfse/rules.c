// SPDX-License-Identifier: Apache-2.0
// The rule table: what each rule is called, how many points it gives, and the sentence a reader sees.
#include "rules.h"

const struct vcfse_rule_row vcfse_rule_table[RULE_COUNT] = {
    [RULE_OFFICER] = {"T0", 0, "An officer looked at this supplier and decided. That stands for 24 months."},
    [RULE_PUBLIC_ID] = {"T1a", 0, "It is on a list of public bodies, so it is not a VCFSE organisation."},
    [RULE_PUBLIC_CATEGORY] = {"T1a", 0,
                              "Companies House lists it as a college corporation, which is a public body."},
    [RULE_PUBLIC_NAME] = {"T1a", 0, "Its name is the name of a public body."},
    [RULE_PUBLIC_CHECK] = {"T1a", 0, "Its name may be that of a public body. A person should look it up."},
    [RULE_REDACTED] =
        {"T1b", 0, "The name was blanked out before the file was published, so there is no supplier to tag."},
    [RULE_PERSON] = {"T1b", 0, "It is one person trading alone, not an organisation."},
    [RULE_PERSON_NAME] = {"T1b", 0, "The name reads like one person trading alone, not an organisation."},
    [RULE_HOUSING_ID] = {"T2a", 0,
                         "It is a registered provider of social housing. The place decides if those count."},
    [RULE_HOUSING_NAME] = {"T2a", 0,
                           "The name speaks of housing. Look it up in the register of social housing."},
    [RULE_UNIVERSITY_ID] = {"T2b", 0, "It is a university. The place decides if those count."},
    [RULE_UNIVERSITY_NAME] =
        {"T2b", 0, "The name reads like a university. Look it up in the higher education register."},
    [RULE_SCHOOL_ID] = {"T2c", 0, "It is an independent school. The place decides if those count."},
    [RULE_SCHOOL_NAME] = {"T2c", 0,
                          "The name reads like a school or college. Look it up in the register of schools."},
    [RULE_CONTROLLED] = {"T2d", 0,
                         "A public body controls more than half of it. The place decides if those count."},
    [RULE_CONTROLLED_NAME] =
        {"T2d", 0, "The name reads like a joint body of public authorities. A person should check."},
    [RULE_TRADE_SIC] =
        {"T2e", 0, "Its business code says trade or professional body. The place decides if those count."},
    [RULE_TRADE_NAME] =
        {"T2e", 0, "The name reads like a trade, professional or examining body. A person should check."},
    [RULE_SUBSIDIARY] = {"T2f", 0,
                         "It is a trading company owned by a VCFSE body. The place decides if those count."},
    [RULE_SUBSIDIARY_NAME] = {"T2f", 0,
                              "The name reads like the trading company of a charity. A person should check."},
    [RULE_MUTUAL] =
        {"T2g", 0,
         "It is a credit union, friendly society or members' club. The place decides if those count."},
    [RULE_MUTUAL_NAME] =
        {"T2g", 0, "The name reads like a credit union or members' club. The place decides if those count."},
    [RULE_BUILDING_SOCIETY] = {"T2g", 0,
                               "It is a building society. Its members own it, but it is not VCFSE."},
    [RULE_CHARITY] = {"T3a", 95, "It is a registered charity, checked against the register."},
    [RULE_CHARITY_UNCHECKED] = {"T3a", 45,
                                "A charity number was given but not yet checked against the register."},
    [RULE_CHARITY_MISMATCH] =
        {"T3a", 0, "The charity with this number has another name and postcode. A person should check."},
    [RULE_CHARITY_INACTIVE] =
        {"T3a", 0, "It was not on the charity register on that day. Look for what came before or after it."},
    [RULE_CHARITY_SHAPE] =
        {"T3a", 0, "The charity number does not have the shape of one. Ask the supplier for it again."},
    [RULE_CIO] = {"T3b", 95, "Companies House lists it as a charitable incorporated organisation."},
    [RULE_CIO_UNCHECKED] = {"T3b", 60,
                            "The number is that of a charitable incorporated organisation, not yet checked."},
    [RULE_CIC] = {"T3c", 95, "Companies House lists it as a community interest company."},
    [RULE_BENEFIT] = {"T3d", 90, "It is registered as a community benefit society."},
    [RULE_CASC] = {"T3e", 90, "It is a registered community amateur sports club."},
    [RULE_CASC_UNCHECKED] = {"T3e", 45,
                             "A sports club registration was given but not yet checked against the list."},
    [RULE_REGISTER_INACTIVE] =
        {"T3", 0, "It was not active on the company or society register on that day. A person should check."},
    [RULE_COMPANY_MISMATCH] =
        {"T3", 0, "The company with this number has another name and postcode. A person should check."},
    [RULE_COMPANY_SHAPE] =
        {"T3", 0, "The company number does not have the shape of one. Ask the supplier for it again."},
    [RULE_SE_CERTIFICATE] = {"T4a", 60, "It holds a social enterprise certificate that is in date."},
    [RULE_GUARANTEE_EXEMPT] =
        {"T4b", 45,
         "It is limited by guarantee and may leave out the word Limited, so it may not pay profits out."},
    [RULE_GUARANTEE] = {"T4c", 25, "It is limited by guarantee and has no shareholders."},
    [RULE_GUARANTEE_PROPERTY] = {"T4c", -60,
                                 "It looks like a company that manages a building for its owners."},
    [RULE_SOCIETY] = {"T4d", 25,
                      "It is a registered society. Some serve a community and some only their members: a "
                      "person should check."},
    [RULE_CHARTER] = {"T4d", 0, "It is a royal charter body. A person should check what kind."},
    [RULE_DECLARED_EVIDENCE] =
        {"T4e", 50, "It says it is VCFSE and sent governing papers that put profit back into its purpose."},
    [RULE_DECLARED] = {"T4e", 20, "It says it is VCFSE but has sent no papers yet."},
    [RULE_CONSTITUTION] = {"T4f", 50, "It sent the constitution of a community group."},
    [RULE_NAME_CIC] = {"T5a", 70, "The name ends as only a community interest company's may."},
    [RULE_NAME_CIO] = {"T5b", 70, "The name ends as only a charitable incorporated organisation's may."},
    [RULE_NAME_PCC] = {"T5b", 60,
                       "The name is that of a parish church council, which often needs no registration."},
    [RULE_NAME_STRONG] = {"T5c", 35, "The name has words that community groups and charities often use."},
    [RULE_NAME_WEAK] = {"T5d", 12, "The name has a word that charities use, but firms use it too."},
    [RULE_NAME_NO_ENDING] =
        {"T5d", 30, "No company ending and no company number: it may be a group that is on no register."},
    [RULE_NAME_COLLISION] =
        {"T5d", 40, "A body on a register has the same name, but nothing else ties the two together."},
    [RULE_NAME_PLC] = {"T5x", -100, "It is a public limited company, owned by shareholders."},
    [RULE_NAME_LLP] = {"T5x", -60, "It is a partnership run for its partners."},
    [RULE_BY_SHARES] = {"T5x", -10, "It is limited by shares, so it may pay profit to its owners."},
    [RULE_NAME_TRADE_WORD] = {"T5x", -40, "The name has a word of an ordinary trade."},
    [RULE_FAITH_CHECK] =
        {"T3a", 0,
         "Its charity class is religion but its name has no faith word. A person may add the faith tag."},
    [RULE_NAME_CAP] = {"T5", 0, "A name counts only so much, so the points for the name were cut."},
    [RULE_NAME_NEVER_YES] = {"T5", 0, "A name alone never makes a yes, so a person should look."},
    [RULE_PROOF_CONTRADICTED] =
        {"T5x", 0, "The registration and the name say different things. A person should check."},
    [RULE_NOTHING] =
        {"T5", 0,
         "Nothing here tells. Ask for a charity, company or society number, or for governing papers."},
};
