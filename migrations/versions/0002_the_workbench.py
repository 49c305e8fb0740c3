"""Planning: measures, waivers, steps, interpreters, proposals, ranks, and what speakers send us."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stale_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('language', sa.Enum('en', 'de', 'zh', name='language', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source', sa.Enum('en', 'de', 'zh', name='source', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source_before', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stale_text')),
    sa.UniqueConstraint('kind', 'subject_id', 'field', 'language', name=op.f('uq_stale_text_kind_subject_id_field_language'))
    )
    op.create_table('rank',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_rank_series_id_series'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rank')),
    sa.UniqueConstraint('series_id', 'key', name=op.f('uq_rank_series_id_key'))
    )
    op.create_table('agenda_book',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('switched_off', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('rest_after', sa.Integer(), nullable=False),
    sa.Column('least_share', sa.Integer(), nullable=True),
    sa.Column('travel_minutes', sa.Integer(), nullable=False),
    sa.Column('abstract_most', sa.Integer(), nullable=False),
    sa.Column('needs_languages', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('least_share BETWEEN 1 AND 50', name=op.f('ck_agenda_book_least_share_of_a_side')),
    sa.CheckConstraint('rest_after > 0 AND travel_minutes >= 0 AND abstract_most > 0', name=op.f('ck_agenda_book_sensible_measures')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_agenda_book_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_agenda_book'))
    )
    op.create_table('availability',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_availability_ends_after_start')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_availability_edition_id_edition'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_availability_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_availability'))
    )
    with op.batch_alter_table('availability', schema=None) as batch_op:
        batch_op.create_index('ix_availability_edition_id_person_id', ['edition_id', 'person_id'], unique=False)

    op.create_table('interpreter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('pairs', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('language', sa.Enum('en', 'de', 'zh', name='language', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('briefed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_interpreter_edition_id_edition'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_interpreter_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interpreter')),
    sa.UniqueConstraint('edition_id', 'person_id', name=op.f('uq_interpreter_edition_id_person_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_interpreter_uid'))
    )
    with op.batch_alter_table('interpreter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interpreter_person_id'), ['person_id'], unique=False)

    op.create_table('letter_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_letter_template_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_template')),
    sa.UniqueConstraint('edition_id', 'key', name=op.f('uq_letter_template_edition_id_key'))
    )
    op.create_table('planned_release',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('trouble', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_planned_release_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_planned_release'))
    )
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', 'stopped', name='proposalstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('wishes', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('alive_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stop_asked', sa.Boolean(), nullable=False),
    sa.Column('progress', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('result', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_proposal_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_edition_id_id', ['edition_id', 'id'], unique=False)
        batch_op.create_index('ix_proposal_state', ['state'], unique=False)

    op.create_table('step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('deed', sa.String(length=40), nullable=False),
    sa.Column('changes', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('is_undone', sa.Boolean(), nullable=False),
    sa.Column('turned', sa.Integer(), nullable=False),
    sa.Column('turns', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_step_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_step_edition_id_edition'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
    sa.UniqueConstraint('key', name=op.f('uq_step_key'))
    )
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.create_index('ix_step_edition_id_account_id_id', ['edition_id', 'account_id', 'id'], unique=False)

    op.create_table('onlooker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_onlooker_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_onlooker_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onlooker'))
    )
    with op.batch_alter_table('onlooker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onlooker_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_onlooker_session_id'), ['session_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('state', sa.Enum('pending', 'approved', 'refused', name='correctionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_correction_speaker_id_speaker'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('uq_correction_pending', ['speaker_id', 'field'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('slides',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_slides_speaker_id_speaker'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slides')),
    sa.UniqueConstraint('speaker_id', 'digest', name=op.f('uq_slides_speaker_id_digest'))
    )
    with op.batch_alter_table('slides', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slides_speaker_id'), ['speaker_id'], unique=False)

    op.create_table('travel',
    sa.Column('a_id', sa.Integer(), nullable=False),
    sa.Column('b_id', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('a_id < b_id AND minutes >= 0', name=op.f('ck_travel_one_row_a_pair')),
    sa.ForeignKeyConstraint(['a_id'], ['room.id'], name=op.f('fk_travel_a_id_room'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['b_id'], ['room.id'], name=op.f('fk_travel_b_id_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('a_id', 'b_id', name=op.f('pk_travel'))
    )
    with op.batch_alter_table('travel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_travel_b_id'), ['b_id'], unique=False)

    op.create_table('duty',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('interpreter_id', sa.Integer(), nullable=False),
    sa.Column('into', sa.Enum('en', 'de', 'zh', name='language', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['interpreter_id'], ['interpreter.id'], name=op.f('fk_duty_interpreter_id_interpreter'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_duty_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'interpreter_id', name=op.f('pk_duty'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_interpreter_id'), ['interpreter_id'], unique=False)

    op.create_table('waiver',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('waived_by', sa.String(length=200), nullable=False),
    sa.Column('waived_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_waiver_has_a_reason')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_waiver_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'problem', name=op.f('pk_waiver'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('unknown', 'government', 'association', 'company', 'research', 'international', 'finance', 'media', 'other', name='organisationkind', native_enum=False, create_constraint=True, length=40), nullable=False, server_default=sa.text("'unknown'")))
        batch_op.add_column(sa.Column('sector', sa.Enum('unknown', 'vehicles', 'batteries', 'energy', 'charging', 'materials', 'digital', 'transport', 'policy', 'science', 'services', 'other', name='sector', native_enum=False, create_constraint=True, length=40), nullable=False, server_default=sa.text("'unknown'")))
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.alter_column('kind', server_default=None)
        batch_op.alter_column('sector', server_default=None)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('gender', sa.Enum('unsaid', 'woman', 'man', 'diverse', name='gender', native_enum=False, create_constraint=True, length=40), nullable=False, server_default=sa.text("'unsaid'")))
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('gender', server_default=None)

    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('changes', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True))
    op.execute(
        """
            UPDATE release SET shown_at = published_at
            WHERE number = (SELECT max(other.number) FROM release AS other WHERE other.edition_id = release.edition_id)
            AND edition_id IN (
                SELECT id FROM edition WHERE state <> 'draft'
                AND (state <> 'cancelled' OR (state_before IS NOT NULL AND state_before <> 'draft'))
            )
        """
    )

    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.add_column(sa.Column('site', sa.String(length=80), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('booths', sa.Integer(), nullable=False, server_default=sa.text("'0'")))
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.alter_column('site', server_default=None)
        batch_op.alter_column('booths', server_default=None)
        batch_op.create_check_constraint(op.f('ck_room_booths_counted'), 'booths >= 0')

    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source_language', sa.Enum('en', 'de', 'zh', name='language', native_enum=False, create_constraint=True, length=40), nullable=False, server_default=sa.text("'en'")))
        batch_op.add_column(sa.Column('sides', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.alter_column('source_language', server_default=None)
        batch_op.alter_column('sides', server_default=None)

    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expected', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('order', sa.Enum('rank', 'alternating', 'by_hand', name='speakingorder', native_enum=False, create_constraint=True, length=40), nullable=False, server_default=sa.text("'rank'")))
        batch_op.add_column(sa.Column('is_pinned', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('stamp', sa.Integer(), nullable=False, server_default=sa.text("'0'")))
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.alter_column('order', server_default=None)
        batch_op.alter_column('is_pinned', server_default=None)
        batch_op.alter_column('stamp', server_default=None)
        batch_op.create_check_constraint(op.f('ck_session_expected_positive'), 'expected > 0')

    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rank_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('email', sa.String(length=254), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('language', sa.Enum('en', 'de', 'zh', name='language', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('inviter_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('private_note', sa.Text(), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('needs', sa.Text(), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('uid', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))

    connection = op.get_bind()
    for (speaker,) in connection.execute(sa.text("SELECT id FROM speaker")).all():
        connection.execute(sa.text("UPDATE speaker SET uid = :uid WHERE id = :id"), {"uid": str(uuid4()), "id": speaker})
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.alter_column('uid', existing_type=sa.String(length=36), nullable=False)
        batch_op.drop_constraint(op.f('ck_speaker_speakerstate'), type_='check')
        batch_op.create_check_constraint(op.f('ck_speaker_speakerstate'), "state IN ('candidate', 'invited', 'confirmed', 'declined', 'materials')")
        batch_op.alter_column('email', server_default=None)
        batch_op.alter_column('private_note', server_default=None)
        batch_op.alter_column('needs', server_default=None)
        batch_op.create_index(batch_op.f('ix_speaker_inviter_id'), ['inviter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speaker_rank_id'), ['rank_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_speaker_uid'), ['uid'])
        batch_op.create_foreign_key(batch_op.f('fk_speaker_inviter_id_account'), 'account', ['inviter_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_speaker_rank_id_rank'), 'rank', ['rank_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    op.execute("UPDATE speaker SET state = 'confirmed' WHERE state = 'materials'")
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_speaker_language'), type_='check')
        batch_op.drop_constraint(op.f('ck_speaker_speakerstate'), type_='check')
        batch_op.create_check_constraint(op.f('ck_speaker_speakerstate'), "state IN ('candidate', 'invited', 'confirmed', 'declined')")
        batch_op.drop_constraint(batch_op.f('fk_speaker_rank_id_rank'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_speaker_inviter_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_speaker_uid'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_speaker_rank_id'))
        batch_op.drop_index(batch_op.f('ix_speaker_inviter_id'))
        batch_op.drop_column('answered_at')
        batch_op.drop_column('invited_at')
        batch_op.drop_column('uid')
        batch_op.drop_column('needs')
        batch_op.drop_column('private_note')
        batch_op.drop_column('due_on')
        batch_op.drop_column('inviter_id')
        batch_op.drop_column('language')
        batch_op.drop_column('email')
        batch_op.drop_column('rank_id')

    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_session_speakingorder'), type_='check')
        batch_op.drop_constraint(op.f('ck_session_expected_positive'), type_='check')
        batch_op.drop_column('stamp')
        batch_op.drop_column('is_pinned')
        batch_op.drop_column('order')
        batch_op.drop_column('expected')

    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_series_language'), type_='check')
        batch_op.drop_column('sides')
        batch_op.drop_column('source_language')

    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_room_booths_counted'), type_='check')
        batch_op.drop_column('booths')
        batch_op.drop_column('site')

    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.drop_column('changes')
        batch_op.drop_column('shown_at')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_person_gender'), type_='check')
        batch_op.drop_column('gender')

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_organisation_organisationkind'), type_='check')
        batch_op.drop_constraint(op.f('ck_organisation_sector'), type_='check')
        batch_op.drop_column('sector')
        batch_op.drop_column('kind')

    op.drop_table('waiver')
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_interpreter_id'))

    op.drop_table('duty')
    with op.batch_alter_table('travel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_travel_b_id'))

    op.drop_table('travel')
    with op.batch_alter_table('slides', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slides_speaker_id'))

    op.drop_table('slides')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index('uq_correction_pending', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.drop_table('correction')
    with op.batch_alter_table('onlooker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onlooker_session_id'))
        batch_op.drop_index(batch_op.f('ix_onlooker_account_id'))

    op.drop_table('onlooker')
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_index('ix_step_edition_id_account_id_id')

    op.drop_table('step')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index('ix_proposal_state')
        batch_op.drop_index('ix_proposal_edition_id_id')

    op.drop_table('proposal')
    op.drop_table('planned_release')
    op.drop_table('letter_template')
    with op.batch_alter_table('interpreter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interpreter_person_id'))

    op.drop_table('interpreter')
    with op.batch_alter_table('availability', schema=None) as batch_op:
        batch_op.drop_index('ix_availability_edition_id_person_id')

    op.drop_table('availability')
    op.drop_table('agenda_book')
    op.drop_table('rank')
    op.drop_table('stale_text')
