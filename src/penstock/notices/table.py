"""What is worth a letter, on one page: what happened, who writes it in its transaction."""

from __future__ import annotations

from penstock.flow.bus import Handler
from penstock.notices import bell, deal_mail, leads, proposal_news, proposals, surveys
from penstock.sales.activities import ActivityPlanned
from penstock.sales.answers import LeadUnanswered
from penstock.sales.captures import Arrived
from penstock.sales.deal_mail import DealMailed
from penstock.sales.deals import DealGiven
from penstock.sales.leads import TakenUp
from penstock.sales.proposal_answers import ProposalAnswered, ProposalViewed
from penstock.sales.proposal_mail import ProposalMailed
from penstock.sales.surveys import SurveyAsked

TABLE: dict[type, tuple[Handler, ...]] = {
    ActivityPlanned: (bell.given,),
    SurveyAsked: (surveys.mail,),
    Arrived: (leads.tell_of_arrival,),
    TakenUp: (leads.tell_of_taking_up,),
    DealGiven: (leads.tell_of_gift,),
    LeadUnanswered: (leads.tell_of_silence,),
    DealMailed: (deal_mail.mail,),
    ProposalMailed: (proposals.mail,),
    ProposalViewed: (proposal_news.tell_of_view,),
    ProposalAnswered: (proposal_news.tell_of_answer, proposals.reply),
}
