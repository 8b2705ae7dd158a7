"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from topology.web import views

urlpatterns = [
    path("", views.home.home, name="home"),
    path("sign-in/", views.sign_in.with_password, name="sign-in"),
    path("sign-in/provider/", views.sign_in.with_provider, name="sign-in-provider"),
    path("sign-in/provider/back/", views.sign_in.from_provider, name="sign-in-provider-back"),
    path("sign-in/<slug:whose>/<str:token>/", views.sign_in.with_link, name="sign-in-once"),
    path("sign-out/", views.sign_in.sign_out, name="sign-out"),
    path("w/<slug:slug>/", views.home.workspace, name="workspace"),
    path("s/<str:public_id>", views.shared.shared, name="shared"),
    path("w/<slug:slug>/shares/", views.shares.shares, name="shares"),
    path("w/<slug:slug>/shares/<int:pk>/revoke/", views.shares.revoke, name="revoke-share"),
    path("w/<slug:slug>/shares/all/", views.shares.all_of_them, name="all-shares"),
    path("badge/<str:token>.svg", views.badges.badge, name="badge"),
    path("w/<slug:slug>/badges/", views.badges.make, name="make-badge"),
    path("w/<slug:slug>/badges/<int:pk>/revoke/", views.badges.revoke, name="revoke-badge"),
    path("join/<slug:token>/", views.people.join, name="join"),
    path("w/<slug:slug>/people/", views.people.people, name="people"),
    path("w/<slug:slug>/people/invite/", views.people.invite, name="invite"),
    path("w/<slug:slug>/people/<int:pk>/", views.people.change, name="change-member"),
    path(
        "w/<slug:slug>/invitations/<int:pk>/revoke/", views.people.revoke, name="revoke-invitation"
    ),
    path("w/<slug:slug>/tokens/", views.tokens.page, name="tokens"),
    path("w/<slug:slug>/tokens/<int:pk>/revoke/", views.tokens.revoke, name="revoke-token"),
    path("w/<slug:slug>/trust/", views.home.trust, name="trust"),
    path("w/<slug:slug>/progress/", views.account.progress, name="progress"),
    path("w/<slug:slug>/loops/<slug:fingerprint>/", views.loop.loop, name="loop"),
    path(
        "w/<slug:slug>/loops/<slug:fingerprint>/hour-<slug:measure>.svg",
        views.loop.hour,
        name="loop-hour",
    ),
    path("w/<slug:slug>/loops/<slug:fingerprint>/around/", views.loop.around, name="loop-around"),
    path("w/<slug:slug>/resources/<slug:key>/", views.resource.resource, name="resource"),
    path("w/<slug:slug>/accepted/", views.acceptances.page, name="acceptances"),
    path("w/<slug:slug>/accepted/add/", views.acceptances.accept, name="accept"),
    path("w/<slug:slug>/accepted/<int:pk>/end/", views.acceptances.withdraw, name="withdraw"),
    path("w/<slug:slug>/alerts/", views.alerts.page, name="alerts"),
    path("w/<slug:slug>/alerts/add/", views.alerts.add, name="add-channel"),
    path("w/<slug:slug>/alerts/<int:pk>/try/", views.alerts.try_it, name="try-channel"),
    path("w/<slug:slug>/alerts/<int:pk>/remove/", views.alerts.remove, name="remove-channel"),
    path("w/<slug:slug>/findings/", views.findings.findings, name="findings"),
    path("w/<slug:slug>/find/", views.find.page, name="find"),
    path("w/<slug:slug>/find/data/", views.find.data, name="find-data"),
    path("w/<slug:slug>/moments/", views.moments.moments, name="moments"),
    path("w/<slug:slug>/moments/<int:number>/", views.moments.moment, name="moment"),
    path("w/<slug:slug>/export/<slug:form>/", views.export.export, name="export"),
    path("w/<slug:slug>/edges/<slug:source>/<slug:target>/", views.edges.edges, name="edges"),
    path("w/<slug:slug>/map/", views.map.page, name="map"),
    path("w/<slug:slug>/map/data/", views.map.data, name="map-data"),
    path("w/<slug:slug>/map/list.<slug:form>", views.map.listed, name="map-list"),
    path("w/<slug:slug>/map/picture.svg", views.map.picture, name="map-picture"),
    path("w/<slug:slug>/what-if/", views.what_if.page, name="what-if"),
    path("w/<slug:slug>/what-if/patches.<slug:form>", views.what_if.patches, name="patches"),
    path("w/<slug:slug>/tester/", views.tester.page, name="tester"),
    path("w/<slug:slug>/scenarios/", views.scenarios.keep, name="scenarios"),
    path("w/<slug:slug>/scenarios/<int:pk>/", views.scenarios.scenario, name="scenario"),
    path("w/<slug:slug>/accounts/connect/", views.connect.connect, name="connect"),
    path(
        "w/<slug:slug>/accounts/<int:pk>/connection/", views.connect.connection, name="connection"
    ),
    path(
        "w/<slug:slug>/accounts/<int:pk>/role.<slug:form>",
        views.connect.role_template,
        name="role-template",
    ),
    path("w/<slug:slug>/accounts/<int:pk>/test/", views.connect.test, name="test-connection"),
    path("w/<slug:slug>/accounts/<int:pk>/evidence/", views.connect.evidence, name="evidence"),
    path(
        "w/<slug:slug>/accounts/<int:pk>/changes.<slug:form>",
        views.hearing.template,
        name="changes-template",
    ),
    path("w/<slug:slug>/accounts/<int:pk>/listen/", views.hearing.listen, name="listen"),
    path(
        "w/<slug:slug>/accounts/<int:pk>/disconnect/", views.connect.disconnect, name="disconnect"
    ),
    path("w/<slug:slug>/accounts/<int:pk>/", views.account.account, name="account"),
    path("w/<slug:slug>/accounts/<int:pk>/crawl/", views.account.crawl, name="crawl"),
    path("w/<slug:slug>/accounts/<int:pk>/schedule/", views.schedule.schedule, name="schedule"),
    path("w/<slug:slug>/accounts/<int:pk>/runs/", views.schedule.history, name="runs"),
]
